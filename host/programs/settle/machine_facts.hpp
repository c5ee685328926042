// What `settle info` says of a machine file beyond what stands in it: whether this build can run it, and how it moves.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "machine/check.hpp"
#include "machine/machine.hpp"

namespace settle {

struct MachineFacts {
  std::filesystem::path path;
  Machine machine;
  std::string other_build;             ///< why it is not for this build; empty: it is
  std::optional<Stability> stability;  ///< absent if its configuration is unknown or too small for it: not computed
  std::string unfit;  ///< why its configuration cannot run it, as array_contents and check_machine say; empty: it can

  /// Whether `settle run` takes it in this build.
  bool runs_here() const { return other_build.empty() && unfit.empty(); }
};

/// Reads a machine file and looks at it as `settle run` would. Throws Error for a bad file.
MachineFacts machine_facts(const std::filesystem::path& path);

}  // namespace settle
