#include "device/run_watch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "array/model/fixed.hpp"
#include "device/board_clock.hpp"

namespace settle {

namespace {

using std::chrono::microseconds;

constexpr microseconds kLook = std::chrono::seconds(1);          // between two looks at the counters
constexpr microseconds kStopPatience = std::chrono::seconds(5);  // the user waits
constexpr int kLooksPerPatience = 8;
constexpr std::int64_t kMostUnseen = 10'000'000;  // answers between two looks, if a clock stands still
constexpr std::uint64_t kStepsAfterStop = 2;      // the current one, and one that began meanwhile
constexpr std::uint64_t kSlack = 16;              // times a step's cycles: a bound, for programs of any shape
constexpr std::uint64_t kLongestStep = std::uint64_t{1} << 32;  // cycles, where nothing is known of the program

constexpr int kStepBits = 32 + registers::kStepHi.width, kCycleBits = 32 + registers::kCyclesHi.width;

/// From `before` to `after` on a counter of so many bits; below 0 if it ran back.
std::int64_t advance(std::uint64_t before, std::uint64_t after, int bits) {
  return wrap(static_cast<std::int64_t>(after - before), bits);
}

/// A counter whose upper word was read before and after the lower one.
std::uint64_t joined(std::uint32_t high_before, std::uint32_t low, std::uint32_t high) {
  const bool carried = high_before != high && low >> 31 != 0;  // the lower word is the older one
  return std::uint64_t{high} << 32 | (carried ? 0 : low);
}

double seconds(microseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

RunWatch::RunWatch(Device& device, const RunBounds& bounds, std::function<bool()> stop)
    : device_(device), bounds_(bounds), stop_(std::move(stop)) {}

RunWatch::Counters RunWatch::read() {
  static_assert(registers::step_hi == registers::step_lo + 1 && registers::cycles_hi == registers::cycles_lo + 1);
  std::array<std::uint32_t, 2> high{}, step{}, cycles{};
  device_.read_blocks({{registers::step_hi, high.data(), 1},
                       {registers::step_lo, step.data(), 2},
                       {registers::cycles_hi, high.data() + 1, 1},
                       {registers::cycles_lo, cycles.data(), 2}});
  unseen_ = 0;
  return {joined(high[0], step[0], step[1]), joined(high[1], cycles[0], cycles[1]), device_.now()};
}

void RunWatch::busy() {
  const bool clock_stands = ++unseen_ >= kMostUnseen;
  if (begun_ && !clock_stands) {
    const microseconds look = std::min(kLook, device_.patience() / kLooksPerPatience);
    if (device_.now() - last_.when < look) return;
  }
  const Counters now = read();
  if (!begun_) first_ = step_ = last_ = now;
  begun_ = true;
  judge(now, clock_stands);
  last_ = now;
}

void RunWatch::stopping() { stopping_ = true; }

void RunWatch::judge(const Counters& now, bool clock_stands) {
  const std::int64_t steps = advance(last_.step, now.step, kStepBits);
  // A board that was reset and is being brought back when the user ends the run counts from an earlier step.
  if (steps < 0 && !(stop_ && stop_())) {
    throw DeviceError(fmt::format("device {}: its step counter went back from {} to {} in mid-run", device_.name(),
                                  last_.step, now.step));
  }
  const auto made = static_cast<std::uint64_t>(std::max<std::int64_t>(0, advance(first_.step, now.step, kStepBits)));
  if (bounds_.steps > 0 && made > bounds_.steps) {
    throw DeviceError(
        fmt::format("device {}: still busy after {} steps of a run of {}", device_.name(), made, bounds_.steps));
  }
  if (stopping_) {
    if (!std::exchange(stop_seen_, true)) {
      stopped_at_ = now.step;
      step_ = now;
      return;
    }
    const std::int64_t on = advance(stopped_at_, now.step, kStepBits);
    if (on > static_cast<std::int64_t>(kStepsAfterStop)) {
      throw DeviceError(fmt::format("device {}: it was told to stop, and has made {} steps since", device_.name(), on));
    }
  }
  if (steps != 0) {
    step_ = now;
    return;
  }
  const std::int64_t cycles = advance(step_.cycles, now.cycles, kCycleBits);
  const std::uint64_t longest = bounds_.step_cycles > 0 ? kSlack * bounds_.step_cycles : kLongestStep;
  const bool counts = now.cycles != last_.cycles && cycles >= 0 && static_cast<std::uint64_t>(cycles) <= longest;
  const microseconds patience = stopping_ ? std::min(device_.patience(), kStopPatience) : device_.patience();
  if (!counts && (clock_stands || now.when - step_.when >= patience)) give_up(now);
}

std::string RunWatch::expectation(const Counters& now) const {
  if (bounds_.steps == 0) return "";
  const auto all = static_cast<double>(bounds_.steps);
  const auto made = static_cast<double>(advance(first_.step, step_.step, kStepBits));
  const double taken = seconds(step_.when - first_.when);
  if (made > 0 && taken > 0) return fmt::format(" of {:.3g} s at the speed of its first steps", all / made * taken);
  if (bounds_.step_cycles == 0) return "";
  const auto cycles = static_cast<double>(advance(first_.cycles, now.cycles, kCycleBits));
  const double waited = seconds(now.when - first_.when);
  const double hertz = cycles > 0 && waited > 0 ? cycles / waited : static_cast<double>(kLeastClockHertz);
  return fmt::format(" of {:.3g} s at most with its clock of {:.3g} MHz{}",
                     all * static_cast<double>(bounds_.step_cycles) / hertz, hertz / 1e6, cycles > 0 ? "" : " or more");
}

void RunWatch::give_up(const Counters& now) const {
  const std::string run =
      bounds_.steps > 0 ? fmt::format("a run of {} steps{}", bounds_.steps, expectation(now)) : "it";
  throw DeviceTimeout(
      fmt::format("device {}: still busy{}: {} was waited for {:.3g} s, and its step counter stands at {} for {:.3g} "
                  "s: reset the board",
                  device_.name(), stopping_ ? ", though told to stop" : "", run, seconds(now.when - first_.when),
                  now.step, seconds(now.when - step_.when)));
}

std::uint32_t wait_until_idle(Device& device, const std::function<bool()>& stop, const RunBounds& bounds) {
  std::uint32_t status = device.status_when_idle();
  RunWatch watch(device, bounds, stop);
  while ((status & registers::kStatusBusy) != 0 && !(stop && stop())) {
    watch.busy();
    status = device.status_when_idle();
  }
  return status;
}

}  // namespace settle
