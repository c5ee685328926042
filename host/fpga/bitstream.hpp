// A build's bitstream: packed from the best seed, and known again when it is to be loaded.
#pragma once

#include <functional>
#include <string>

#include "fpga/place.hpp"
#include "fpga/plan.hpp"
#include "fpga/synthesis.hpp"

namespace settle {

/// Packs the best seed into <top>.asc and <top>.bin (or what the family calls them) and writes place.json; all appear
/// whole or not at all. Throws Error if the packer is not there or fails.
void pack(const Placement& placement, const BuildPlan& plan, const Synthesis& synthesis,
          const std::function<bool()>& stop);

/// Why the bitstream that is there is not what pack() made of these sources, pins and clock, or that there is none; ""
/// if it is. Of one that Vivado made, pins and clock are not known.
std::string bitstream_fault(const BuildPlan& plan);

/// Removes the bitstream, and what was written with it.
void remove_bitstream(const BuildPlan& plan);

}  // namespace settle
