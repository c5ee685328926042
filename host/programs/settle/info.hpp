// The body of `settle info`.
#pragma once

#include <filesystem>

namespace settle {

struct InfoOptions {
  bool registers = false;
  bool configurations = false;
  std::filesystem::path machine;  ///< empty: none
};

/// Prints what was asked for; configurations if nothing was. Returns 0; throws Error for a bad machine file.
int info_command(const InfoOptions& options);

}  // namespace settle
