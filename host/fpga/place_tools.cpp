#include "fpga/place_tools.hpp"

#include <fmt/format.h>

namespace settle {

namespace {

const PlaceTool kIce40{"nextpnr-ice40", "icepack", ".asc", ".bin"};
const PlaceTool kEcp5{"nextpnr-ecp5", "ecppack", ".config", ".bit"};
const PlaceTool kGowin{"nextpnr-himbaechel", "gowin_pack", ".placed.json", ".fs"};
const PlaceTool kXilinx{"", "", "", ".bit"};  // needs a device database that no package brings; Vivado has a script

/// apicula names devices by their die: GW2AR-LV18QN88C8/I7 is a GW2A-18C.
std::string gowin_die(const std::string& device) {
  return device.rfind("GW2AR-LV18", 0) == 0 || device.rfind("GW2A-LV18", 0) == 0 ? "GW2A-18C" : device;
}

}  // namespace

const PlaceTool& place_tool(Family family) {
  switch (family) {
    case Family::ice40:
      return kIce40;
    case Family::ecp5:
      return kEcp5;
    case Family::gowin:
      return kGowin;
    case Family::xilinx:
      break;
  }
  return kXilinx;
}

std::string routed_name(const Board& board) { return board.top + place_tool(board.family).routed; }

std::vector<std::string> place_words(const Board& b, const std::string& netlist, const std::string& pins) {
  const PlaceTool& tool = place_tool(b.family);
  const std::string routed = routed_name(b);
  std::vector<std::string> words{tool.program, "--json", netlist};
  const auto add = [&](std::vector<std::string> more) { words.insert(words.end(), more.begin(), more.end()); };
  if (b.family == Family::ice40) add({"--" + b.device, "--package", b.package, "--pcf", pins, "--asc", routed});
  if (b.family == Family::ecp5) add({"--" + b.device, "--package", b.package, "--lpf", pins, "--textcfg", routed});
  if (b.family == Family::gowin) {
    add({"--device", b.device, "--vopt", "family=" + gowin_die(b.device), "--vopt", "cst=" + pins, "--write", routed});
  }
  // A seed that is too slow is a result, not a failure of the tool.
  add({"--freq", fmt::format("{}", static_cast<double>(b.clock_hz) / 1e6), "--timing-allow-fail", "--report",
       "report.json"});
  return words;
}

std::vector<std::string> pack_words(const Board& b, const std::string& routed, const std::string& bitstream) {
  if (b.family == Family::gowin) return {"gowin_pack", "-d", gowin_die(b.device), "-o", bitstream, routed};
  return {place_tool(b.family).packer, routed, bitstream};
}

}  // namespace settle
