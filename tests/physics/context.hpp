// What a section of the suite is handed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"
#include "physics/suite.hpp"

namespace settle::physics {

struct Context {
  Suite& suite;
  std::uint64_t seed = 1;
  bool fast = false;  ///< the part that fits in `make test`: fewer samples, fewer step sizes, the model alone
  /// "model", and "rtl" if this build has the verilated array and all is asked for.
  std::vector<std::string> engines;
  /// A device of `engine` for a configuration. The verilated array has those of the build: `tiny` with its steps.
  std::function<std::unique_ptr<Device>(const std::string& engine, const Configuration& configuration)> device;
  std::function<bool()> stop;  ///< asked now and then; true: leave, what is found so far is reported
  std::function<void(long long done, long long all)> progress;  ///< of a section, for a terminal
};

// The sections, in the order of the table.
namespace noise {
void claims(const Context& context);
}
namespace linear {
void claims(const Context& context);
}
namespace nonlinear {
void claims(const Context& context);
}
namespace equilibrium {
void claims(const Context& context);
}
namespace time {
void claims(const Context& context);
}

}  // namespace settle::physics
