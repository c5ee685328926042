// `settle-fpga synth`: what a board's build takes of its device, and how many lanes the device could hold.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fpga/build_command.hpp"

namespace settle {

struct SynthOptions {
  BuildOptions build;
  bool limit = true;  ///< a second synthesis, with other lanes, for the estimated limit
  bool place = true;  ///< place-and-route, where its tool is installed
};

/// Lanes that a device could hold, by the straight line through two synthesised numbers of lanes.
struct LaneLimit {
  int lanes = 0;         ///< the greatest power of two that fits; 0: not even one
  std::string resource;  ///< that is used up first
};

/// `more` has `more_lanes` lanes, `fewer` has `fewer_lanes`, fewer. Every resource of the device is used to its last
/// cell: an estimate from above. `most`: lanes that the configuration allows (they divide a site's cells, up to 64).
LaneLimit lane_limit(const Board& board, const Resources& fewer, int fewer_lanes, const Resources& more, int more_lanes,
                     int most);

/// The limit of a plan's board from `synthesis` and one of half the lanes (double, if it has one lane).
LaneLimit estimate_limit(const PlanOptions& options, const BuildPlan& plan, const Synthesis& synthesis, bool fresh,
                         const std::function<bool()>& stop);

/// Prints the resources and the limit; places, routes and packs where the family's tool is installed, and says which it
/// would be where not. Writes build.tcl for Vivado on Xilinx boards. Throws as build().
void synth(const SynthOptions& options, const std::function<bool()>& stop);

}  // namespace settle
