#include "fpga/vivado_script.hpp"

#include <fmt/format.h>

#include "base/process.hpp"

namespace settle {

namespace fs = std::filesystem;

std::string vivado_script(const BuildPlan& plan) {
  const auto seen = [&](const fs::path& file) { return seen_from(plan.folder, file); };
  std::string text = fmt::format("# {}: written by settle-fpga; in this folder: vivado -mode batch -source build.tcl\n",
                                 plan.board.name);
  for (const fs::path& source : all_sources(plan)) text += fmt::format("read_verilog -sv {{{}}}\n", seen(source));
  text += fmt::format("read_xdc {{{}}}\n", seen(plan.board.pins_file()));
  text += fmt::format("synth_design -top {} -part {}\nopt_design\nplace_design\nphys_opt_design\nroute_design\n",
                      plan.board.top, plan.board.device);
  text += "report_utilization -file utilization.rpt\nreport_timing_summary -file timing.rpt\n";
  // A bitstream that misses its clock is none.
  text +=
      "if {[get_property SLACK [get_timing_paths]] < 0} {\n  puts \"ERROR: the clock is missed, see timing.rpt\"\n"
      "  exit 1\n}\n";
  return text + fmt::format("write_bitstream -force {}.bit\n", plan.board.top);
}

}  // namespace settle
