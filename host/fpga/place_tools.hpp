// The free tools that place, route and pack for each family.
#pragma once

#include <string>
#include <vector>

#include "fpga/board.hpp"

namespace settle {

/// How one family is placed, routed and packed. Words are run in a folder that holds nothing but what they write.
struct PlaceTool {
  std::string program;    ///< "": there is none that is run here
  std::string packer;     ///< program; "" where `program` is
  std::string routed;     ///< ending of what the packer reads
  std::string bitstream;  ///< ending of what is loaded
};

/// The family's. One without free tools that are run here has an empty `program`.
const PlaceTool& place_tool(Family family);

/// What place-and-route of a board writes for the packer.
std::string routed_name(const Board& board);

/// The command for `board` but for the seed. `netlist` and `pins`: files as the folder sees them. Writes <top><routed>
/// and report.json.
std::vector<std::string> place_words(const Board& board, const std::string& netlist, const std::string& pins);

/// The command that packs `routed` into `bitstream`.
std::vector<std::string> pack_words(const Board& board, const std::string& routed, const std::string& bitstream);

}  // namespace settle
