// What a netlist of yosys (JSON) says beyond its cell counts: what shares a logic cell, and what clock the PLL makes.
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
/// settings are not understood.
NetlistFacts read_netlist(const std::filesystem::path& path, const Board& board);

/// `pll_hz` (0: no PLL, then the oscillator) is the clock of board.json, to the Hz. Throws Error with both and the
/// PLL's settings.
void check_clock(std::int64_t pll_hz, const Board& board);

}  // namespace settle
