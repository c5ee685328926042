// The commands of settle-fpga: each function adds one, with its options, to the program's command line and returns what
// it does.
#pragma once

#include <CLI/CLI.hpp>

#include "programs/command_line.hpp"

namespace settle {

/// Names of the boards.
ProgramCommand add_list(CLI::App& app);

/// What board.json says of a board.
ProgramCommand add_show(CLI::App& app);

/// Whether every board's builds are right, before any tool runs.
ProgramCommand add_check(CLI::App& app);

/// iCE40: synthesis, place-and-route, bitstream.
ProgramCommand add_build(CLI::App& app);

/// What a board takes of its device, by synthesis.
ProgramCommand add_synth(CLI::App& app);

/// Loads a bitstream into the board.
ProgramCommand add_prog(CLI::App& app);

/// Every board's builds in one table.
ProgramCommand add_report(CLI::App& app);

}  // namespace settle
