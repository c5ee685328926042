#include "fpga/build_command.hpp"

#include <cstdio>

#include "core/error.hpp"
#include "fpga/netlist.hpp"

namespace settle {

namespace fs = std::filesystem;

Built build(const BuildOptions& options, const std::function<bool()>& stop) {
  Built built;
  built.plan = plan_build(options.plan);
  const BuildPlan& plan = built.plan;
  if (plan.board.family != Family::ice40) {
    throw error("{}: family: {}: bitstreams are built for ice40; `make synth BOARD={}` tells what this board takes",
                plan.board.file().string(), name_of(plan.board.family), plan.board.id);
  }
  fmt::print("{}: configuration {} ({}), {} lanes, {} {}, git {}\n\n", plan.name(), plan.configuration.name,
             plan.configuration.hash_text(), plan.configuration.lanes, plan.board.device, plan.board.package, plan.git);
  std::fflush(stdout);
  built.synthesis = synthesise(plan, options.fresh, stop);
  fmt::print("{}\n", resource_table(plan.board, built.synthesis.resources));
  std::fflush(stdout);
  check_fits(plan.board, built.synthesis.resources);
  check_clock(built.synthesis.array_hz, plan.board);
  // A bitstream that stays is one that meets the clock with these sources.
  for (const char* name : {".bin", ".asc"}) fs::remove(plan.folder / (plan.board.top + name));
  fs::remove(plan.folder / "place.json");
  built.placement = place(plan, built.synthesis, options.seeds, options.jobs, options.fresh, stop);
  fmt::print("{}\n", seed_table(built.placement, plan.board));
  std::fflush(stdout);
  check_timing(built.placement, plan);
  pack(built.placement, plan, built.synthesis, stop);
  fmt::print("bitstream of seed {}: {}\n", built.placement.best().seed, plan.bitstream().string());
  return built;
}

}  // namespace settle
