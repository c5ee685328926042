// The machine that ships for a board's configuration.
#pragma once

#include <filesystem>
#include <optional>

#include "contract/configuration/configuration.hpp"
#include "machine/machine_file.hpp"

namespace settle::hil {

/// Nothing if the configuration has no name or no preset of that name. Throws Error as load_machine.
inline std::optional<Machine> preset_of(const Configuration& configuration) {
  const std::filesystem::path file =
      std::filesystem::path(SETTLE_SOURCE_DIR) / "host/assets" / (configuration.name + ".machine.json");
  if (configuration.name.empty() || !std::filesystem::exists(file)) return {};
  return load_machine(file);
}

}  // namespace settle::hil
