// The commands of settle-fpga: each function adds one, with its options, to the program's command line and returns what
// it does.
#pragma once

#include "base/command_line/command_line.hpp"

namespace settle {

/// Names of the boards.
ProgramCommand add_list(CommandLine& app);

/// What board.json says of a board.
ProgramCommand add_show(CommandLine& app);

/// Whether every board's builds are right, before any tool runs.
ProgramCommand add_check(CommandLine& app);

/// iCE40: synthesis, place-and-route, bitstream.
ProgramCommand add_build(CommandLine& app);

/// What a board takes of its device, by synthesis.
ProgramCommand add_synth(CommandLine& app);

/// Loads a bitstream into the board.
ProgramCommand add_prog(CommandLine& app);

/// Every board's builds in one table.
ProgramCommand add_report(CommandLine& app);

}  // namespace settle
