// The board under test, as its tests get it: by its line and by what it says it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "contract/configuration/configuration.hpp"
#include "device/link/link_device.hpp"

namespace settle::hil {

struct Board {
  std::string name;  ///< of its line
  /// Opens the line. Throws DeviceLost.
  std::function<std::unique_ptr<ByteStream>()> open;
  LinkTimes times;
  Configuration configuration;  ///< as the board lists it
  std::uint64_t seed = 1;

  /// A session of its own; the array is reset.
  std::unique_ptr<LinkDevice> connect() const { return std::make_unique<LinkDevice>(open(), times); }
};

/// A claim of a test: if it does not hold, the test has failed, and `what` says why.
template <typename... Args>
void require(bool holds, fmt::format_string<Args...> what, Args&&... args) {
  if (!holds) throw error(what, std::forward<Args>(args)...);
}

}  // namespace settle::hil
