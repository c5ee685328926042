// Waits for a run's end on a device that may be slow, stuck or lie: as long as it makes steps.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "device/device.hpp"

namespace settle {

/// What a run may take.
struct RunBounds {
  std::uint64_t steps = 0;        ///< that it was asked for; 0: not known
  std::uint64_t step_cycles = 0;  ///< clock cycles that a step takes at most; 0: not known
};

/// Looks at a device that says it is busy. A run goes on while its step counter counts up, however slowly; a long step
/// of a slow simulation goes on while its cycle counter does.
class RunWatch {
 public:
  /// `device` outlives this. `stop`: the user wants to end; may be empty.
  RunWatch(Device& device, const RunBounds& bounds, std::function<bool()> stop);

  /// To be called after every answer that the array runs; asks for the counters about once a second. Throws
  /// DeviceTimeout if no step was made within the device's patience, within a shorter one once it was asked to stop;
  /// DeviceError if the step counter runs backwards, or further than it was asked to; and as the device. Messages name
  /// the device, how long the run should take and how long it was waited for.
  void busy();

  /// The array was asked to stop after its current step.
  void stopping();

 private:
  struct Counters {
    std::uint64_t step = 0, cycles = 0;
    std::chrono::microseconds when{0};
  };

  Counters read();
  void judge(const Counters& now, bool clock_stands);
  [[noreturn]] void give_up(const Counters& now) const;
  /// What the whole run should take, in words; "" if that is not known.
  std::string expectation(const Counters& now) const;

  Device& device_;
  RunBounds bounds_;
  std::function<bool()> stop_;
  bool begun_ = false;
  bool stopping_ = false, stop_seen_ = false;
  std::int64_t unseen_ = 0;  ///< answers since the counters were read
  Counters first_;           ///< as they were read first
  Counters step_;            ///< when the current step was first seen
  Counters last_;            ///< as they were read last
  std::uint64_t stopped_at_ = 0;
};

/// Waits for the array's end; returns the status, which says busy only if `stop` said yes. Throws as RunWatch::busy.
std::uint32_t wait_until_idle(Device& device, const std::function<bool()>& stop, const RunBounds& bounds = {});

}  // namespace settle
