// From the name of a device, as a user gives it, to the device: an engine of this build, or a board on a line.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/value_check.hpp"
#include "sim/on_demand/engine_cache.hpp"
#include "sim/rtl_device.hpp"
#include "study/run/run_command.hpp"

namespace settle {

inline constexpr std::uint64_t kMostPatienceSeconds = 86400;  ///< a day

/// What `settle run` is told about devices.
struct DeviceChoice {
  RtlOptions rtl;               ///< of the verilated engine
  std::uint64_t patience = 60;  ///< seconds that a board which goes away, or makes no step, is waited for
  EnginePlaces engines;         ///< of arrays that this build has not verilated
  bool quiet = false;           ///< say nothing of what takes a while
  std::function<bool()> stop;   ///< the user wants to end
};

/// Throws Error, which begins with `what`, unless the name is an engine's (device/engine_names.hpp) or a line's, as
/// open_stream takes it.
void check_device(const std::string& name, const std::string& what);

/// As check_device, of an option's value.
ValueCheck device_name();

/// The name of a line to a board, well formed.
ValueCheck line_name();

/// Makes devices by their names. `choice` is read when a device is made, but for its engines and stop.
MakeDevice device_maker(const DeviceChoice& choice);

/// RunOptions::built_as: a board is asked what it is.
std::function<Configuration(const std::string& engine, const Configuration& configuration)> board_reader(
    const DeviceChoice& choice);

}  // namespace settle
