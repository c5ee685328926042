// Work beside the settling: what is done, in which order, and what becomes of it when something fails or the run ends.
#include "study/run/beside.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "device/device.hpp"
#include "study/run/run_progress.hpp"

using namespace settle;

namespace {

/// What the work is given.
struct Surroundings {
  explicit Surroundings(std::size_t count) : threads(count) {}

  std::size_t threads;
  std::atomic<bool> stopped{false};
  RunProgress progress{false};
};

class CountedPieces : public Pieces {
 public:
  CountedPieces(std::size_t count, std::size_t failing) : count_(count), failing_(failing) {}
  std::size_t count() const override { return count_; }
  Eigen::Index settle(std::size_t piece, std::size_t, const std::function<bool()>& stop) override {
    if (stop()) return 0;
    if (piece == failing_) throw Error("this piece");
    ++done;
    return 1;
  }
  BatchResult result() const override {
    BatchResult result;
    result.samples = done;
    return result;
  }
  std::atomic<int> done{0};

 private:
  std::size_t count_, failing_;
};

constexpr auto kNoPiece = static_cast<std::size_t>(-1);

}  // namespace

TEST_CASE("every job is done once, and measures take their values in the order in which they were said") {
  for (const std::size_t threads : {1, 3}) {
    Surroundings at(threads);
    Beside beside(
        at.threads, [&at] { return at.stopped.load(); }, at.progress);
    std::atomic<int> runs{0};
    std::string order;
    for (int n = 0; n < 20; ++n) {
      const auto value = beside.work<int>("work", [&runs, n](std::size_t) {
        ++runs;
        return n;
      });
      beside.then([&order, value](Results&) { order += std::to_string(value.get()) + " "; });
    }
    Results results;
    beside.run(results);
    CHECK(runs == 20);
    CHECK(order == "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
  }
}

TEST_CASE("work in order is done by one thread after the other, whatever else is at work") {
  Surroundings at(4);
  Beside beside(
      at.threads, [&at] { return at.stopped.load(); }, at.progress);
  std::mutex mutex;
  std::vector<int> order;
  std::atomic<int> inside{0};
  for (int n = 0; n < 10; ++n) {
    beside.work<int>("other", [](std::size_t) { return 0; });
    beside.work_in_order<int>("ordered", [&, n](std::size_t) {
      CHECK(++inside == 1);
      const std::lock_guard<std::mutex> lock(mutex);
      order.push_back(n);
      --inside;
      return n;
    });
  }
  Results results;
  beside.run(results);
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("an error costs the measure that asked for it; the others take theirs") {
  Surroundings at(2);
  Beside beside(
      at.threads, [&at] { return at.stopped.load(); }, at.progress);
  const auto fails = beside.work<int>("fails", [](std::size_t) -> int { throw Error("it does not fit"); });
  const auto works = beside.work<int>("works", [](std::size_t) { return 7; });
  beside.then([fails](Results& r) { r.take("one", [&] { fails.get(); }); });
  beside.then(
      [works](Results& r) { r.take("two", [&] { r.report.samples = static_cast<std::uint64_t>(works.get()); }); });
  Results results;
  beside.run(results);
  CHECK(results.not_taken["one"] == "it does not fit");
  CHECK(results.report.samples == 7);
}

TEST_CASE(
    "a device that fails ends the work: what waits for it is not begun, what is done is taken, and it is thrown") {
  Surroundings at(1);
  Beside beside(
      at.threads, [&at] { return at.stopped.load(); }, at.progress);
  int begun = 0;
  const auto before = beside.work<int>("before", [](std::size_t) { return 3; });
  beside.work_in_order<int>("board", [&](std::size_t) -> int { throw DeviceError("gone"); });
  beside.work_in_order<int>("board", [&](std::size_t) { return ++begun; });
  const auto after = beside.work<int>("after", [&](std::size_t) { return ++begun; });
  int taken = 0;
  beside.then([&, before](Results&) { taken = before.get(); });
  beside.then([after](Results& r) { r.take("after", [&] { after.get(); }); });
  const auto board = beside.work_in_order<int>("board", [&](std::size_t) { return ++begun; });
  beside.then([board](Results& r) { r.take("board", [&] { board.get(); }); });
  Results results;
  CHECK_THROWS_AS(beside.run(results), Interrupted);  // the failing job's own measure is not among these
  CHECK(begun == 0);
  CHECK(taken == 3);

  Beside again(
      at.threads, [&at] { return at.stopped.load(); }, at.progress);
  const auto lost = again.work<int>("board", [](std::size_t) -> int { throw DeviceError("gone"); });
  again.then([lost](Results& r) { r.take("board", [&] { lost.get(); }); });
  CHECK_THROWS_WITH_AS(again.run(results), "gone", DeviceError);
}

TEST_CASE("a run that ends keeps what is done: whole values, and the samples of a batch before the first that is not") {
  Surroundings at(1);
  Beside beside(
      at.threads, [&at] { return at.stopped.load(); }, at.progress);
  const auto first = beside.work<int>("first", [](std::size_t) { return 1; });
  auto pieces = std::make_unique<CountedPieces>(10, kNoPiece);
  const auto batch = beside.batch("batch", std::move(pieces));
  const auto ends = beside.work<int>("ends", [&](std::size_t) {
    at.stopped = true;
    return 2;
  });
  auto never = std::make_unique<CountedPieces>(3, kNoPiece);
  const auto late = beside.batch("late", std::move(never));
  int taken = 0;
  beside.then([&, first, ends](Results&) { taken = first.get() + ends.get(); });
  beside.then([&, batch](Results&) { taken += static_cast<int>(complete(batch, 10).samples); });
  beside.then([late](Results&) { complete(late, 1); });
  Results results;
  CHECK_THROWS_AS(beside.run(results), Interrupted);
  CHECK(taken == 13);
}

TEST_CASE("a batch's first failure ends the batch and nothing else") {
  Surroundings at(1);
  Beside beside(
      at.threads, [&at] { return at.stopped.load(); }, at.progress);
  auto pieces = std::make_unique<CountedPieces>(10, 4);
  const CountedPieces& seen = *pieces;
  const auto batch = beside.batch("batch", std::move(pieces));
  const auto other = beside.work<int>("other", [](std::size_t) { return 5; });
  int taken = 0;
  beside.then([&](Results&) { taken = seen.done; });
  beside.then([batch](Results& r) { r.take("batch", [&] { complete(batch, 10); }); });
  beside.then([&, other](Results&) { taken += other.get(); });
  Results results;
  beside.run(results);
  CHECK(results.not_taken["batch"] == "this piece");
  CHECK(taken == 4 + 5);
}
