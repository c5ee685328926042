// The line's bytes against frames made by the reference, with both sides stalling at random.
#include <doctest/doctest.h>

#include "VM_frame_sender.h"
#include "rtl_modules/link_frames.hpp"

namespace frame_sender_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr std::size_t kLongestAnswer = 1026;

class SenderBench {
 public:
  explicit SenderBench(int seed) : random_(static_cast<std::uint64_t>(seed)), bench_(seed) {
    bench_->valid_i = 0;
    bench_->ready_i = 0;
    reset(bench_);
  }

  /// The line's bytes while `content` is handed over and until the frame is complete. One in `stall` cycles either side
  /// is willing.
  Bytes send(const Bytes& content, int stall) {
    Bytes line;
    std::size_t at = 0;
    const std::size_t longest = 2 * (content.size() + kCheckBytes + 1);
    for (int quiet = 0; quiet < kPatience && line.size() <= longest;) {
      if (at == content.size() && line.size() > 1 && line.back() == kFlag) break;
      bench_->valid_i = at < content.size() && (bench_->valid_i != 0 || random_.one_in(stall));
      bench_->byte_i = bench_->valid_i != 0 ? content[at] : static_cast<std::uint8_t>(random_.next());
      bench_->last_i = bench_->valid_i != 0 ? at + 1 == content.size() : random_.one_in(2);
      const std::size_t before = line.size();
      if (cycle(stall, line)) {
        ++at;
        bench_->valid_i = 0;
      }
      quiet = line.size() == before ? quiet + 1 : 0;
    }
    bench_->valid_i = 0;
    return line;
  }

  /// Cycles with nothing to send: nothing may come.
  void rest(int cycles) {
    Bytes line;
    for (int i = 0; i < cycles; ++i) cycle(1, line);
    disturbed_ += static_cast<int>(line.size());
  }

  /// A reset while `content` is being sent, after so many cycles.
  void give_up(const Bytes& content, int cycles) {
    Bytes line;
    bench_->valid_i = 1;
    bench_->last_i = 0;
    for (int i = 0; i < cycles; ++i) {
      bench_->byte_i = content[static_cast<std::size_t>(i) % content.size()];
      cycle(1, line);
    }
    bench_->valid_i = 0;
    reset(bench_);
    waiting_ = false;
  }

  /// Cycles in which an offered byte changed before it was taken, or one came that nobody asked for.
  int disturbed() const { return disturbed_; }
  Random& random() { return random_; }

 private:
  static constexpr int kPatience = 2000;

  /// Returns whether the content's byte was taken.
  bool cycle(int stall, Bytes& line) {
    bench_->ready_i = random_.one_in(stall);
    bench_.settle();
    if (waiting_) disturbed_ += bench_->valid_o == 0 || bench_->byte_o != offered_;
    const bool offers = bench_->valid_o != 0;
    if (offers && bench_->ready_i != 0) line.push_back(bench_->byte_o);
    waiting_ = offers && bench_->ready_i == 0;
    offered_ = bench_->byte_o;
    const bool taken = bench_->valid_i != 0 && bench_->ready_o != 0;
    bench_.clock();
    return taken;
  }

  Random random_;
  Bench<VM_frame_sender> bench_;
  bool waiting_ = false;
  std::uint8_t offered_ = 0;
  int disturbed_ = 0;
};

}  // namespace

TEST_CASE("frame_sender: every content of one byte") {
  SenderBench bench(1);
  for (int byte = 0; byte < 256; ++byte) {
    const Bytes content = {static_cast<std::uint8_t>(byte)};
    CHECK(bench.send(content, 1) == frame_of(content));
  }
  CHECK(bench.disturbed() == 0);
}

TEST_CASE("frame_sender: random contents, both sides stalling") {
  SenderBench bench(2);
  int wrong = 0, escapes_in_checks = 0;
  for (int i = 0; i < 6000; ++i) {
    const int longest = i % 100 == 0 ? static_cast<int>(kLongestAnswer) : 24;
    const Bytes content = random_content(bench.random(), static_cast<std::size_t>(1 + bench.random().below(longest)));
    const Bytes frame = frame_of(content);
    escapes_in_checks += frame.size() > escaped(content).size() + 2 + kCheckBytes;
    wrong += bench.send(content, i % 3 == 0 ? 1 : 1 + bench.random().below(20)) != frame;
    if (bench.random().one_in(4)) bench.rest(bench.random().below(30));
  }
  CHECK(wrong == 0);
  CHECK(bench.disturbed() == 0);
  CHECK(escapes_in_checks > 100);  // or the test would not be one
}

TEST_CASE("frame_sender: begins anew after a reset at any moment") {
  SenderBench bench(3);
  int wrong = 0;
  for (int cycles = 1; cycles < 80; ++cycles) {
    const Bytes content = random_content(bench.random(), 12);
    bench.give_up(content, cycles);
    wrong += bench.send(content, 1) != frame_of(content);
  }
  CHECK(wrong == 0);
  CHECK(bench.disturbed() == 0);
}

}  // namespace frame_sender_bench
