// What a device says it is, asked before anything else: whether it is an array, and of which configuration.
#pragma once

#include <cstdint>
#include <string>

#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"

namespace settle {

struct Identity {
  std::uint64_t hash = 0;      ///< of its configuration
  std::uint32_t hardware = 0;  ///< first 8 hex digits of the hash of the sources it was built from, 0 if unknown
  Configuration
      configuration;  ///< its bounds and formats; the name is a built-in configuration's of the same hash, or ""
};

/// Asks the device. Throws DeviceError, which names the device and both sides' values, if it is no array, has another
/// version of the register map, or lists a configuration that does not belong to its hash.
Identity identify(Device& device);

/// `wanted` with the device's lanes and memory sizes, where it has the same formats and bounds and so settles the same
/// bits; `wanted` as it is where it has not. Whether a machine fits is seen when its contents are built.
Configuration as_built(const Identity& identity, const Configuration& wanted);

/// Throws DeviceError, which begins with `who`, if the device has not the configuration: the message says which one it
/// holds and which is needed, with both hashes, and how to get it; of one that this program has no name for, also in
/// what it differs.
void check_identity(const Identity& identity, const Configuration& configuration, const std::string& who);

}  // namespace settle
