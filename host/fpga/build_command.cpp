#include "fpga/build_command.hpp"

#include <cstdio>

#include "base/error.hpp"
#include "fpga/bitstream.hpp"
#include "fpga/netlist.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/tools.hpp"

namespace settle {

namespace fs = std::filesystem;

void print_head(const BuildPlan& plan) {
  fmt::print("{}: configuration {} ({}), {} lanes, {} {}, hardware {}\n\n", plan.name(), plan.configuration.name,
             plan.configuration.hash_text(), plan.configuration.lanes, plan.board.device, plan.board.package,
             plan.hardware);
  std::fflush(stdout);
}

Built build(const BuildOptions& options, const std::function<bool()>& stop) {
  Built built;
  built.plan = plan_build(options.plan);
  const BuildPlan& plan = built.plan;
  const std::string& placer = place_tool(plan.board.family).program;
  if (placer.empty()) {
    throw error(
        "{}: family: no place-and-route for {} here; `make synth BOARD={}` tells what this board takes and "
        "writes a script for Vivado",
        plan.board.file().string(), name_of(plan.board.family), plan.board.id);
  }
  if (options.keep && !options.fresh && bitstream_fault(plan).empty()) {
    fmt::print("{}: {} is there\n", plan.name(), plan.bitstream().string());
    return built;
  }
  for (const std::string& tool : {std::string("yosys"), placer, place_tool(plan.board.family).packer})
    require_tool(tool);
  print_head(plan);
  built.synthesis = synthesise(plan, options.fresh, stop);
  fmt::print("{}\n", resource_table(plan.board, built.synthesis.resources));
  std::fflush(stdout);
  check_netlist(built);
  place_and_pack(built, options, stop);
  return built;
}

void check_netlist(const Built& built) {
  const Board& board = built.plan.board;
  try {
    check_fits(board, built.synthesis.resources);
    if (board.family == Family::ice40) check_clock(built.synthesis.array_hz, board);
  } catch (const Error&) {
    remove_bitstream(built.plan);  // made from this netlist under an older board.json
    throw;
  }
}

void place_and_pack(Built& built, const BuildOptions& options, const std::function<bool()>& stop) {
  const BuildPlan& plan = built.plan;
  require_tool(place_tool(plan.board.family).packer);  // not after an hour of place-and-route
  // A bitstream that stays is one that meets the clock with these sources.
  remove_bitstream(plan);
  built.placement = place(plan, built.synthesis, options.seeds, options.jobs, options.fresh, stop);
  fmt::print("{}\n", seed_table(built.placement, plan.board));
  std::fflush(stdout);
  check_timing(built.placement, plan);
  pack(built.placement, plan, built.synthesis, stop);
  fmt::print("bitstream of seed {}: {}\n", built.placement.best().seed, plan.bitstream().string());
}

}  // namespace settle
