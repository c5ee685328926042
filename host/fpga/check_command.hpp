// `settle-fpga check`: whether every board's builds are right, before any tool runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fpga/plan.hpp"

namespace settle {

struct CheckOptions {
  PlanOptions plan;                 ///< its board and build are not used
  std::vector<std::string> boards;  ///< empty: all
  std::filesystem::path packages;   ///< folder to write; empty: nothing is written
};

/// Plans every build of the boards (plan_build: board.json, PLL, configuration, shipped machine) and prints one line
/// for each. With `packages`, writes what their tops need to be read: <packages>/<board>-<build>/ with the build's
/// packages, and <packages>/builds.txt with one line for each good build: board, build, family, top, pin file,
/// separated by spaces. A build or board that is bad is told on stderr and makes the result 1; otherwise it is 0.
/// Throws Error if there is no board, or a file cannot be written.
int check(const CheckOptions& options);

}  // namespace settle
