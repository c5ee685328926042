// `settle-fpga report`: every board's builds in one table.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fpga/build_command.hpp"
#include "fpga/speed.hpp"

namespace settle {

struct ReportOptions {
  BuildOptions build;               ///< its board and build are not used
  std::vector<std::string> boards;  ///< empty: all
  bool limit = true;                ///< with the estimated limit of lanes of boards that are not iCE40
  std::filesystem::path speed;      ///< what settle-fpga-speed wrote; empty: what it tells is unknown
};

/// Builds every iCE40 build and synthesises the others (places them too where the tool is), as build() and synth() do,
/// taking what is there of the same sources. Writes <out>/report.json and prints it as a table. What is not known is
/// null there. A build that fails is told, has its `failure` in the report, and makes the result 1; otherwise it is 0.
/// Throws Stopped if `stop` said so; no report is written then.
int report(const ReportOptions& options, const std::function<bool()>& stop);

}  // namespace settle
