// The script that yosys runs for a board.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fpga/board.hpp"

namespace settle {

/// Files that yosys writes in the build's folder. A netlist has its own name only once it is whole.
inline constexpr char kUnfinishedNetlist[] = "netlist.part";
inline constexpr char kCellCounts[] = "cells.json";

/// Run by yosys in `folder`; reads `sources`, in this order; writes kUnfinishedNetlist and kCellCounts. Throws Error
/// that names a source which yosys cannot be told to read.
std::string yosys_script(const Board& board, const std::vector<std::filesystem::path>& sources,
                         const std::filesystem::path& folder);

}  // namespace settle
