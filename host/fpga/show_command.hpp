// `settle-fpga list` and `settle-fpga show`: what board.json says, for people and for scripts.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "fpga/board.hpp"

namespace settle {

/// Prints the names of the boards of that family ("": of all), one per line. A board that cannot be read is told on
/// stderr and makes the result 1; otherwise it is 0. Throws Error if there is no such folder.
int list_boards(const std::filesystem::path& constraints, const std::string& family);

/// Throws UsageError, which lists those that there are, for a field that no board has.
void check_field(const std::string& field);

/// Prints the value of that field of the board's board.json, or, for none, every field that is not empty with its name,
/// one per line. Words of a list are separated by spaces, settings of the PLL are NAME=VALUE. Throws
/// UsageError as check_field.
void show_board(const Board& board, const std::optional<std::string>& field);

}  // namespace settle
