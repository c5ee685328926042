// Where a program finds the tree that it was built from: what ships (host/assets), the RTL, the folder of MNIST.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.hpp"
#include "generated/build.hpp"

namespace settle {

/// Folder of the program that runs; "" if the system does not tell.
inline std::filesystem::path program_folder() {
  std::error_code none;
  return std::filesystem::read_symlink("/proc/self/exe", none).parent_path();
}

/// The tree around the build folder `folder`, `from_build` away from it ("": the build folder lies in no tree), so that
/// a tree that was moved or copied takes what is its own; else the one at `built`. Throws Error that names both if
/// host/assets is in neither.
inline std::filesystem::path find_source_tree(const std::filesystem::path& folder, const std::string& from_build,
                                              const std::filesystem::path& built) {
  const auto there = [](const std::filesystem::path& tree) {
    std::error_code none;
    return std::filesystem::is_regular_file(tree / "host" / "assets" / "presets.json", none);
  };
  const std::filesystem::path around = (folder / from_build / "host").lexically_normal().parent_path();
  const bool moved = !folder.empty() && !from_build.empty() && around != built;
  if (moved && there(around)) return around;
  if (there(built)) return built;
  throw error("host/assets/presets.json is not in {}, where this program was built{}", built.string(),
              moved ? ", nor in " + around.string() + ", where it is now" : "");
}

/// The tree of the program that runs.
inline std::filesystem::path source_tree() { return find_source_tree(program_folder(), kSourceFromBuild, kSource); }

}  // namespace settle
