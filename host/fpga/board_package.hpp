// What the SystemVerilog of a board's top is told of its board.json.
#pragma once

#include <string>

#include "fpga/board.hpp"

namespace settle {

/// Text of the package `board_pkg`: ClockHz and Baud, and one constant for each setting of the PLL, named as the cell's
/// parameter is: PllDivf for DIVF, PllClkfbDiv for CLKFB_DIV. Localparams only, so that every front end takes it.
std::string board_package(const Board& board);

}  // namespace settle
