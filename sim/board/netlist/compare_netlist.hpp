// The body of settle-netlist-BOARD and settle-bitstream-BOARD: from a build's folder to a table and a report.
#pragma once

#include <filesystem>

#include "sim/board/netlist/netlist_comparison.hpp"

namespace settle {

/// Compares, writes the report to `out` (JSON) and prints a table. Returns kExitOk, kExitFailed if anything differs
/// from the model, or kExitInterrupted if some runs were compared before a signal asked for the end. Throws Error if
/// `out` cannot be written or the build's folder lacks its record, and as compare_arrays.
int compare_netlist(const NetlistArrays& arrays, const std::filesystem::path& out);

}  // namespace settle
