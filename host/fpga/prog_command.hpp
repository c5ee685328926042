// `settle-fpga prog`: loads a build's bitstream into the board.
#pragma once

#include <functional>

#include "fpga/plan.hpp"

namespace settle {

/// Runs the board's program with the bitstream. Throws Error where the build is bad, where there is no bitstream, one
/// that is not what was built, or one of other RTL, pins or clock than are here now; where there is no such program, no
/// board, one that another program has, or the program failed: each is told for what it is, with the program's own
/// words.
void program_board(const PlanOptions& options, const std::function<bool()>& stop);

}  // namespace settle
