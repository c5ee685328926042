// What a netlist of yosys (JSON) tells beyond its cell counts: what shares a logic cell, and what clock the PLL makes.
// It shows whether a build's top differs from board.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fpga/board.hpp"

namespace settle {

struct NetlistFacts {
  int logic_cells = 0;                  ///< iCE40: LUTs, and flip-flops that no LUT can share its cell with
  std::int64_t pll_hz = 0;              ///< of the PLL with the board's oscillator; 0: no PLL
  std::vector<std::string> pll_clocks;  ///< names of the nets that the PLL drives
};

/// Reads an iCE40 netlist. Throws Error if it is not one of module `board.top`, has more than one PLL, or one whose
/// settings are not understood or take its VCO out of its range (pll_hz).
NetlistFacts read_netlist(const std::filesystem::path& path, const Board& board);

/// A top that does not take its PLL's settings from board.json: throws Error unless `pll_hz` of the netlist (0: no PLL,
/// then the oscillator) is the clock of board.json, to the Hz.
void check_clock(std::int64_t pll_hz, const Board& board);

}  // namespace settle
