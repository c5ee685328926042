#include "fpga/synth_command.hpp"

#include <algorithm>
#include <cstdio>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/vivado_script.hpp"

namespace settle {

namespace {

constexpr int kMostLanes = 64;

/// The largest power of two up to `value`; 0 below 1.
int power_of_two_below(double value) {
  int power = 0;
  for (int p = 1; p <= value && p <= kMostLanes; p *= 2) power = p;
  return power;
}

/// Lanes that the configuration allows: a power of two that divides a site's cells.
int most_lanes(const Configuration& c) {
  int most = 1;
  while (2 * most <= kMostLanes && c.site_cells % (2 * most) == 0 && c.cells % (2 * most) == 0) most *= 2;
  return most;
}

void say_no_place_and_route(const BuildPlan& plan) {
  const PlaceTool& tool = place_tool(plan.board.family);
  if (plan.board.family == Family::xilinx) {
    fmt::print("place-and-route: with Vivado, in {}: vivado -mode batch -source build.tcl\n", plan.folder.string());
    return;
  }
  fmt::print("place-and-route: {} is not installed here; with it and {} the same command writes {}\n", tool.program,
             tool.packer, plan.bitstream().string());
}

}  // namespace

LaneLimit lane_limit(const Board& board, const Resources& fewer, int fewer_lanes, const Resources& more, int more_lanes,
                     int most) {
  const std::vector<ResourceUse> low = uses(board, fewer), high = uses(board, more);
  LaneLimit limit{power_of_two_below(most), "lanes that divide a site's cells"};
  double least = most;
  for (std::size_t i = 0; i < std::min(low.size(), high.size()); ++i) {
    const double slope = static_cast<double>(high[i].needed - low[i].needed) / (more_lanes - fewer_lanes);
    const double fixed = static_cast<double>(low[i].needed) - slope * fewer_lanes;
    const auto there = static_cast<double>(high[i].there);
    double lanes = most;
    if (slope > 0) {
      lanes = (there - fixed) / slope;
    } else if (fixed > there) {
      lanes = 0;
    }
    if (lanes >= least) continue;
    least = lanes;
    limit = {power_of_two_below(lanes), high[i].name};
  }
  return limit;
}

LaneLimit estimate_limit(const PlanOptions& options, const BuildPlan& plan, const Synthesis& synthesis, bool fresh,
                         const std::function<bool()>& stop) {
  const int lanes = plan.configuration.lanes;
  PlanOptions other = options;
  other.lanes = lanes == 1 ? 2 : lanes / 2;
  const BuildPlan other_plan = plan_build(other);
  const Synthesis second = synthesise(other_plan, fresh, stop);
  const bool fewer = other.lanes < lanes;
  return lane_limit(plan.board, fewer ? second.resources : synthesis.resources, std::min(lanes, other.lanes),
                    fewer ? synthesis.resources : second.resources, std::max(lanes, other.lanes),
                    most_lanes(plan.configuration));
}

void synth(const SynthOptions& options, const std::function<bool()>& stop) {
  Built built;
  built.plan = plan_build(options.build.plan);
  const BuildPlan& plan = built.plan;
  print_head(plan);
  built.synthesis = synthesise(plan, options.build.fresh, stop);
  fmt::print("{}\n", resource_table(plan.board, built.synthesis.resources));
  std::fflush(stdout);
  if (plan.board.family == Family::xilinx) write_atomically(plan.folder / "build.tcl", vivado_script(plan));
  if (options.limit) {
    const LaneLimit limit = estimate_limit(options.build.plan, plan, built.synthesis, options.build.fresh, stop);
    fmt::print("limit, estimated from two numbers of lanes and every cell used: {} lanes, then {}\n", limit.lanes,
               limit.resource);
    std::fflush(stdout);
  }
  check_netlist(built);
  if (!options.place) return;
  const std::string& placer = place_tool(plan.board.family).program;
  if (placer.empty() || !find_program(placer)) {
    say_no_place_and_route(plan);
  } else {
    place_and_pack(built, options.build, stop);
  }
}

}  // namespace settle
