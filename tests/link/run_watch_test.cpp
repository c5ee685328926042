// Runs on arrays that are slow, stuck or lie, by a clock of their own: nothing here waits.
#include "device/run_watch.hpp"

#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "anchored_run.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "error_message.hpp"

using namespace settle;
using namespace settle_test;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds kPoll{80};

/// An array whose counters are functions of the time, and whose status is busy until a moment. Each answer to the
/// question for its end takes 80 ms.
class ClockedArray : public Device {
 public:
  std::function<std::uint64_t(double seconds)> step = [](double) { return 0; };
  std::function<std::uint64_t(double seconds)> cycles = [](double) { return 0; };
  double end = 1e9;  ///< seconds
  seconds bears{60};
  bool clock_stands = false;
  std::vector<std::uint32_t> controls;
  std::int64_t questions = 0;

  std::string engine() const override { return "clocked"; }
  microseconds now() const override { return now_; }
  microseconds patience() const override { return bears; }
  double time() const { return std::chrono::duration<double>(now_).count(); }

  std::uint32_t status_when_idle() override {
    if (!clock_stands) now_ += kPoll;
    ++questions;
    return time() < end ? registers::kStatusBusy : 0;
  }

  std::uint32_t read(std::uint32_t address) override {
    switch (address) {
      case registers::step_lo:
        return static_cast<std::uint32_t>(step(time()));
      case registers::step_hi:
        return static_cast<std::uint32_t>(step(time()) >> 32);
      case registers::cycles_lo:
        return static_cast<std::uint32_t>(cycles(time()));
      case registers::cycles_hi:
        return static_cast<std::uint32_t>(cycles(time()) >> 32);
      default:
        return 0;
    }
  }

  void write(std::uint32_t address, std::uint32_t value) override {
    if (address == registers::control) controls.push_back(value);
  }

 private:
  microseconds now_{0};
};

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(value); }

/// Waits for the end of a run of 100 steps.
void wait(ClockedArray& array, std::uint64_t step_cycles = 1000) { wait_until_idle(array, {}, {100, step_cycles}); }

/// The model, which says something else of one register once it was asked for its end so many times.
class LyingModel : public ModelDevice {
 public:
  LyingModel(const Configuration& c, std::uint32_t where, std::uint32_t what, int from = 0)
      : ModelDevice(c), where_(where), what_(what), from_(from) {}

  microseconds now() const override { return now_; }
  std::uint32_t status_when_idle() override {
    now_ += kPoll;
    ++asked_;
    return read(registers::status);
  }
  std::uint32_t read(std::uint32_t address) override {
    return address == where_ && asked_ > from_ ? what_ : ModelDevice::read(address);
  }

 private:
  std::uint32_t where_, what_;
  int from_;
  int asked_ = 0;
  microseconds now_{0};
};

struct Driven {
  Anchored anchored;
  LyingModel device;
  ArrayDriver driver;

  Driven(std::uint32_t where, std::uint32_t what, int from = 0)
      : device(anchored.configuration, where, what, from), driver(device, anchored.configuration) {
    driver.load(anchored.contents);
    driver.set_schedule(anchored.schedule);
    driver.set_noise(1, 0);
  }
};

}  // namespace

TEST_CASE("run watch: a run that makes steps is waited for, be it ever so slow") {
  ClockedArray array;
  array.step = [](double t) { return whole(t / 50); };
  array.end = 5000;
  CHECK_NOTHROW(wait(array));
  CHECK(array.time() >= 5000);
}

TEST_CASE("run watch: a board that stays busy is given up when it has made no step for the patience") {
  ClockedArray array;
  SUBCASE("from the beginning") {
    CHECK_THROWS_AS(wait(array), DeviceTimeout);
    CHECK(array.time() > 60);
    CHECK(array.time() < 62);
    ClockedArray another;
    const std::string message = message_of([&] { wait(another); });
    CHECK(mentions(message, "device clocked: still busy"));
    CHECK(mentions(message, "a run of 100 steps of 0.1 s at most with its clock of 1 MHz or more"));
    CHECK(mentions(message, "was waited for 60"));
    CHECK(mentions(message, "its step counter stands at 0"));
  }
  SUBCASE("after some steps") {
    array.step = [](double t) { return whole(std::min(t, 40.0)); };
    const std::string message = message_of([&] { wait(array); });
    CHECK(array.time() > 100);
    CHECK(array.time() < 103);
    CHECK(mentions(message, "100 steps of 101 s at the speed of its first steps"));
    CHECK(mentions(message, "its step counter stands at 40"));
  }
  SUBCASE("after all steps") {
    array.step = [](double t) { return whole(std::min(10 * t, 100.0)); };
    CHECK_THROWS_AS(wait(array), DeviceTimeout);
    CHECK(array.time() < 72);
  }
  SUBCASE("with less patience") {
    array.bears = seconds(2);
    CHECK_THROWS_AS(wait(array), DeviceTimeout);
    CHECK(array.time() < 2.5);
  }
  SUBCASE("with a clock that stands still") {
    array.clock_stands = true;
    CHECK_THROWS_AS(wait(array), DeviceTimeout);
  }
}

TEST_CASE(
    "run watch: a long step of a slow simulation is waited for as long as its cycles count and are not too many") {
  ClockedArray array;
  array.cycles = [](double t) { return whole(1000 * t); };
  array.step = [](double t) { return whole(t / 500); };
  array.end = 2000;
  CHECK_NOTHROW(wait(array, 500'000));
  ClockedArray stuck;  // it counts cycles, but a step has only 1000 of them
  stuck.cycles = array.cycles;
  CHECK_THROWS_AS(wait(stuck, 1000), DeviceTimeout);
  CHECK(stuck.time() < 62);
  ClockedArray measured;
  measured.cycles = array.cycles;
  CHECK(mentions(message_of([&] { wait(measured, 1000); }),
                 "100 steps of 100 s at most with its clock of 0.001 MHz was waited for"));
}

TEST_CASE("run watch: step counters that run back or too far are said so") {
  ClockedArray array;
  array.end = 14;
  array.step = [](double t) { return t < 10 ? whole(t) : whole(15 - t); };
  CHECK(mentions(message_of([&] { wait(array); }), "its step counter went back from 9 to 4"));
  ClockedArray on;
  on.step = [](double t) { return whole(20 * t); };
  CHECK(mentions(message_of([&] { wait(on); }), "still busy after 1"));
  CHECK(on.time() < 7);
}

TEST_CASE("run watch: a counter that carries from word to word runs on") {
  ClockedArray array;
  const std::uint64_t wide = std::uint64_t{1} << 32;
  std::uint64_t reads = 0;
  // The carry comes between any two of the words that are read.
  array.step = [&](double) { return wide - 7 + 2 * ++reads / 3; };
  array.end = 20;
  CHECK_NOTHROW(wait(array));
  array.end = 30;
  const std::uint64_t most = std::uint64_t{1} << 40;  // and at its end it begins again
  array.step = [&](double t) { return (most - 25 + whole(t)) % most; };
  CHECK_NOTHROW(wait(array));
}

TEST_CASE("run watch: whoever wants to stop a board that does not stop waits for seconds, not for the patience") {
  const Anchored anchored;
  bool asked = false;
  const auto run_until_stopped = [&](ClockedArray& array) {
    RunWatch watch(array, {1000, 1000}, [&] { return asked; });
    while ((array.status_when_idle() & registers::kStatusBusy) != 0) {
      if (array.time() > 10 && !asked) {
        asked = true;
        watch.stopping();
      }
      watch.busy();
    }
  };
  ClockedArray stuck;
  CHECK(mentions(message_of([&] { run_until_stopped(stuck); }), "still busy, though told to stop"));
  CHECK(stuck.time() < 18);
  asked = false;
  ClockedArray on;
  on.step = [](double t) { return whole(10 * t); };
  CHECK(mentions(message_of([&] { run_until_stopped(on); }), "it was told to stop, and has made"));
  CHECK(on.time() < 14);
}

TEST_CASE("driver: a board that says from some answer on that it runs, or that its sums hold other steps, is refused") {
  constexpr int kRuns = 3;
  Driven stuck(registers::status, registers::kStatusBusy, kRuns);
  for (int n = 0; n < kRuns; ++n) {
    CHECK_NOTHROW(stuck.driver.run({true, true}, nullptr));
    CHECK(stuck.driver.counters().window_steps == 100);
  }
  CHECK_THROWS_AS(stuck.driver.run({true, true}, nullptr), DeviceTimeout);
  CHECK(std::chrono::duration<double>(stuck.device.now()).count() < 62);

  Driven idle(registers::window_steps, 0);  // it did nothing, and says that it is done
  idle.driver.run({true, true}, nullptr);
  const std::string message = message_of([&] { idle.driver.counters(); });
  CHECK(mentions(message, "device model: 0 steps are in its sums, 100 were asked for"));

  Driven stopped(registers::status, registers::kStatusStopped);
  CHECK(mentions(message_of([&] { stopped.driver.run({true, true}, nullptr); }), "stopped before its end"));

  Driven traced(registers::trace_count, 0xffffffffu);  // nobody makes room for so much
  CHECK_NOTHROW(traced.driver.run({true, true}, nullptr));
  CHECK(mentions(message_of([&] { traced.driver.trace(); }), "4294967295 trace entries"));
}
