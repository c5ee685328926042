// What went wrong on a board's line, as the file that settle-board --faults writes.
#pragma once

#include <cstdint>
#include <string>

#include "sim/board/line/line_end.hpp"
#include "sim/board/systemc/board_options.hpp"

namespace settle {

/// JSON: the rates that were asked for, and what was made of them until clock cycle `cycles`.
std::string faults_text(const BoardOptions& options, const LineEnd& line, std::uint64_t cycles);

}  // namespace settle
