// The one driver of an array: loads contents, starts schedules, waits, reads results. It knows the device by its
// registers and memories alone, so a verilated model, the C++ model and a board run under the same code.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"
#include "device/run_watch.hpp"
#include "machine/fixed_point/array_contents.hpp"

namespace settle {

/// Thrown when `stop` said yes while the array was running; the array has been stopped at a whole step.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// Consecutive steps of a schedule with the same noise.
struct Segment {
  std::uint32_t steps = 0;          ///< 0 or more
  bool window = false;              ///< its states go into the sums
  std::vector<std::int16_t> gains;  ///< noise gain of each layer
};

/// What a run begins with.
struct Start {
  bool zero_state = false;     ///< every state becomes 0 first
  bool clear_results = false;  ///< so do sums, counters and trace
};

struct Counters {
  std::uint64_t cycles = 0;            ///< busy clock cycles; 0 from a device without a clock
  std::uint32_t saturated_states = 0;  ///< states and bus words that were cut to their format since the last clear
  std::uint32_t saturated_words = 0;
  std::uint32_t window_steps = 0;  ///< steps in the sums
};

/// Of the traced layer x at one step.
struct TraceEntry {
  std::int64_t overlap = 0;  ///< sum of reference_i x_i, product units
  std::int64_t square = 0;   ///< sum of x_i^2, operand units squared
};

class ArrayDriver {
 public:
  /// Identifies the device. Throws DeviceError as identify() and check_identity().
  ArrayDriver(Device& device, const Configuration& configuration);

  /// Fills every memory that the contents describe and clears what is left of the clamp memory.
  void load(const ArrayContents& contents);

  void set_fields(const std::vector<std::int16_t>& fields);                   ///< [cells]
  void set_reference(int layer, const std::vector<std::int16_t>& reference);  ///< [layer cells]
  void set_states(const std::vector<std::int32_t>& states);                   ///< [cells]
  void set_noise(std::uint64_t seed, std::uint64_t step);  ///< round keys of the seed, number of the next step
  // Each of these throws Error for what is out of its range.
  void set_schedule(const std::vector<Segment>& segments);  ///< 1 to Configuration::segments of them
  void set_refresh(int steps);                              ///< from one projection to the next, 1 or more
  void set_trace_stride(int steps);                         ///< from one trace entry to the next; 0: no trace

  /// Runs the schedule to its end. `stop` is asked between polls. Throws Interrupted as above; DeviceTimeout and
  /// DeviceError as RunWatch::busy, DeviceError if the array refused or was stopped by another.
  void run(const Start& start, const std::function<bool()>& stop);

  /// [cells], state units.
  std::vector<std::int32_t> states();
  /// Sum of x over the window for cells first .. first + count - 1, state units.
  std::vector<std::int64_t> sums(int first, int count);
  /// The same of x^2, operand units squared.
  std::vector<std::int64_t> squares(int first, int count);
  /// Throws DeviceError if the device says that it has more entries than fit.
  std::vector<TraceEntry> trace();
  /// Throws DeviceError if the device has not summed as many steps as it was asked to.
  Counters counters();

 private:
  RunBounds bounds() const;
  /// Sums of cells [first, first + count) of which the device has `sum_parts` parts from `first_part` on (sum_address).
  std::vector<std::int64_t> wide_sums(int first, int count, std::size_t first_part, std::size_t sum_parts);

  Device& device_;
  Configuration configuration_;
  ArrayContents contents_;
  std::uint64_t steps_ = 0, window_steps_ = 0;  ///< of the schedule
  std::optional<std::uint64_t> summed_;         ///< steps that must be in the sums, if that is known
};

}  // namespace settle
