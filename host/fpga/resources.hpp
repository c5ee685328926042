// What a netlist takes of a device, and what the device has.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fpga/board.hpp"

namespace settle {

/// Cells of a netlist by kind. For iCE40 the logic cells that place-and-route will need at least, beside.
struct Resources {
  int lut = 0;
  int ff = 0;           ///< flip-flops
  int dsp = 0;          ///< multipliers
  int ram = 0;          ///< block RAMs
  int large_ram = 0;    ///< iCE40 SPRAM
  int logic_cells = 0;  ///< iCE40: LUTs, and flip-flops that no LUT can share its cell with; otherwise the LUTs
};

/// Counts `cells` (type -> number), as `stat -json` gives them, in the units of the family's device.
Resources count_resources(Family family, const std::map<std::string, int>& cells);

/// A resource: how many are needed and there.
struct ResourceUse {
  std::string name;   ///< as in "multipliers (DSP)"
  std::string field;  ///< of board.json
  long long needed = 0;
  long long there = 0;
};

/// Logic cells (iCE40) or LUTs, flip-flops, multipliers, block RAMs and, where there are or must be any, large RAMs, in
/// this order.
std::vector<ResourceUse> uses(const Board& board, const Resources& resources);

/// Throws Error naming each resource of which the device has fewer than needed, both numbers and the field.
void check_fits(const Board& board, const Resources& resources);

/// The uses as a table.
std::string resource_table(const Board& board, const Resources& resources);

}  // namespace settle
