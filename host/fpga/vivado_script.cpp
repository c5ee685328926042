#include "fpga/vivado_script.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include <fmt/format.h>

#include "base/process.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

/// A file's name as Tcl's list of one name, which is what Vivado reads files by: a backslash goes before every
/// character that is not plain, and a control character is written as its number.
std::string tcl_list(const std::string& name) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 || std::strchr("_/.-+", c) != nullptr;
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) return "{" + name + "}";
  std::string word;
  for (const char c : name) {
    if (plain(static_cast<unsigned char>(c))) {
      word += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      word += fmt::format("\\{:03o}", static_cast<unsigned>(c));
    } else {
      word += std::string("\\") + c;
    }
  }
  return "[list " + word + "]";
}

}  // namespace

std::string vivado_script(const BuildPlan& plan) {
  const auto seen = [&](const fs::path& file) { return tcl_list(seen_from(plan.folder, file)); };
  std::string text = fmt::format("# {}: written by settle-fpga; in this folder: vivado -mode batch -source build.tcl\n",
                                 plan.board.name);
  for (const fs::path& source : all_sources(plan)) text += fmt::format("read_verilog -sv {}\n", seen(source));
  text += fmt::format("read_xdc {}\n", seen(plan.board.pins_file()));
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
