// The machine that ships for a build's configuration, as the build would hold it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/machine.hpp"

namespace settle {

struct ShippedMachine {
  std::string file;  ///< begins errors
  Machine machine;
  ArrayContents contents;
};

/// `from`: the configuration by its name, `to`: as the build changes it. Nothing if no machine ships for `from` in
/// `assets` (as <name>.machine.json). Throws Error if the machine does not fit `to`: says which field, needed and
/// there.
std::optional<ShippedMachine> shipped_machine(const std::filesystem::path& assets, const Configuration& from,
                                              const Configuration& to);

}  // namespace settle
