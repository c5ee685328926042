// `settle-fpga build`: from a board's name to a bitstream that meets its clock.
#pragma once

#include <functional>

#include "fpga/place.hpp"
#include "fpga/plan.hpp"
#include "fpga/synthesis.hpp"

namespace settle {

struct BuildOptions {
  PlanOptions plan;
  int seeds = 1;
  int jobs = 1;
  bool fresh = false;  ///< nothing that is there is taken as it is
  bool keep = false;   ///< a bitstream of the same sources, pins and clock is left as it is, whatever the seeds
};

struct Built {
  BuildPlan plan;
  Synthesis synthesis;
  Placement placement;
};

/// One line: board, build, configuration, device, hardware.
void print_head(const BuildPlan& plan);

/// Plans, synthesises, places and packs; prints the resources and the seeds. Throws Error for a board of another
/// family, a build that is bad, does not fit, has another clock than its PLL, or misses it; Stopped if `stop` said so.
Built build(const BuildOptions& options, const std::function<bool()>& stop);

/// Throws Error if the netlist does not fit the device or (iCE40) its PLL makes another clock than the board's.
void check_netlist(const Built& built);

/// The second half of it, from a netlist that fits.
void place_and_pack(Built& built, const BuildOptions& options, const std::function<bool()>& stop);

}  // namespace settle
