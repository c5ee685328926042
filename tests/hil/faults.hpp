// A line that loses and changes bytes, and work on it whose every result is known.
#pragma once

#include <cstdint>
#include <functional>

#include "contract/configuration/configuration.hpp"
#include "device/link/resuming_device.hpp"

namespace settle::hil {

struct FaultReport {
  std::uint64_t injected = 0;       ///< faults, all kinds
  std::uint64_t requests = 0;       ///< that were done
  std::uint64_t wrong_results = 0;  ///< numbers that were not the model's
  std::uint64_t hangs = 0;          ///< requests that were given up
  std::uint64_t mended = 0;         ///< times that requests were sent again
  std::uint64_t resumed = 0;        ///< times that the board was brought back after a reset or a closed line
};

/// Writes, reads and runs at random on `device` and on the model until `injected()` has reached `faults` or `stop` says
/// so. `progress` is told the faults so far. Throws Error only for what is neither a fault nor a wrong result.
FaultReport work_under_faults(ResumingDevice& device, const Configuration& configuration, std::uint64_t seed,
                              std::uint64_t faults, const std::function<std::uint64_t()>& injected,
                              const std::function<void(std::uint64_t)>& progress, const std::function<bool()>& stop);

}  // namespace settle::hil
