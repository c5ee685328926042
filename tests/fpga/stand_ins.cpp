#include "fpga/stand_ins.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace settle_test {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// $here is the workshop. Each leaves a letter in calls-NAME.
constexpr const char* kYosys = R"(
test "$1" != -V || { echo 'Yosys stand-in'; exit 0; }
printf x >>$here/calls-yosys
while test $# -gt 1; do test "$1" != -l || cp $3 $2; shift; done
if test -f $here/yosys-fails; then
  printf 'half a netl' >netlist.part
  echo 'ERROR: Module `x` not found!' >&2
  exit 1
fi
cp $here/netlist.json netlist.part
cp $here/cells.json cells.json
)";

constexpr const char* kNextpnr = R"(
test "$1" != --version || { echo 'nextpnr stand-in' >&2; exit 0; }
printf x >>$here/calls-nextpnr-ice40
echo "$@" >$here/nextpnr-words
while test $# -gt 0; do
  case $1 in --seed) seed=$2 ;; --report) report=$2 ;; --asc) asc=$2 ;; --json) json=$2 ;; --pcf) pcf=$2 ;; esac
  shift
done
test -f "$json" -a -f "$pcf" || { echo 'ERROR: no such file'; exit 1; }
echo ".comment half" >$asc
if test -f $here/hang-$seed; then echo $$ >$here/hanging.part; mv $here/hanging.part $here/hanging; sleep 1000; fi
if test -f $here/place-fails-$seed; then echo 'ERROR: Unable to place cell'; exit 1; fi
echo ".comment whole, seed $seed" >$asc
fmax=$(cat $here/fmax-$seed)
cat >$report <<END
{"critical_paths": [{"from": "posedge clk", "to": "posedge clk", "path": [
  {"delay": 1.4, "type": "clk-to-q", "from": {"cell": "a", "port": "CLK"}, "to": {"cell": "begin_LC", "port": "O"}},
  {"delay": 30.1, "type": "routing", "net": "u_array.sum[3]", "from": {"cell": "begin_LC", "port": "O"},
   "to": {"cell": "end_LC", "port": "I3"}}]}],
 "fmax": {"clk": {"achieved": $fmax, "constraint": 24}},
 "utilization": {"ICESTORM_LC": {"available": 5280, "used": 100}}}
END
test ! -f $here/report-is-cut || printf '{"fmax": {"clk": {"achi' >$report
)";

constexpr const char* kIcepack = R"(
printf x >>$here/calls-icepack
if test -f $here/icepack-fails; then printf ha >"$2"; echo 'Error: bad chip' >&2; exit 1; fi
{ printf BIN; cat "$1"; } >"$2"
)";

constexpr const char* kIceprog = R"(
printf x >>$here/calls-iceprog
echo "init.."
if test -f $here/no-board; then
  echo "Can't find iCE FTDI USB device (vendor_id 0x0403, device_id 0x6010 or 0x6014)." >&2; echo ABORT. >&2; exit 2
fi
if test -f $here/bad-flash; then echo "VERIFY FAILED" >&2; exit 3; fi
cp $1 $here/flash
)";

}  // namespace

Workshop::Workshop() {
  const char* const before = std::getenv("PATH");
  path_before_ = before == nullptr ? "" : before;
  fs::create_directories(folder_ / "bin");
  // Of the system's programs only those that the stand-ins and git need: its own yosys must not be found.
  for (const char* name : {"sh", "cat", "cp", "mv", "sleep", "git"}) {
    for (const char* at : {"/usr/bin", "/bin", "/usr/local/bin"}) {
      if (!fs::exists(fs::path(at) / name)) continue;
      fs::create_symlink(fs::path(at) / name, folder_ / "bin" / name);
      break;
    }
  }
  tool("yosys", kYosys);
  tool("nextpnr-ice40", kNextpnr);
  tool("icepack", kIcepack);
  tool("iceprog", kIceprog);
  setenv("PATH", (folder_ / "bin").c_str(), 1);
  fs::create_directories(folder_ / "constraints");
  fs::copy(fs::path(SETTLE_SOURCE_DIR) / "constraints" / "icebreaker", folder_ / "constraints" / "icebreaker");
  netlist(small_design());
  fmax(1, 30);
}

Workshop::~Workshop() { setenv("PATH", path_before_.c_str(), 1); }

void Workshop::edit_board(const std::function<void(nlohmann::ordered_json&)>& change) const {
  auto board = nlohmann::ordered_json::parse(read_file(board_file()));
  change(board);
  write_file(board_file(), board.dump());
}

void Workshop::netlist(const json& cells, int divr, int divf, int divq) const {
  write_file(folder_ / "cells.json",
             json{{"modules", {{"top", json::object()}}}, {"design", {{"num_cells_by_type", cells}}}}.dump());
  // The LUTs' outputs go nowhere and the flip-flops' inputs are constant: nothing shares a cell. Nets from 100 on.
  json all = json::object();
  int net = 100;
  const auto binary = [](int value, int digits) {
    std::string text;
    for (int d = digits - 1; d >= 0; --d) text += ((value >> d) & 1) != 0 ? '1' : '0';
    return text;
  };
  for (const auto& item : cells.items()) {
    const bool lut = item.key() == "SB_LUT4", ff = item.key().rfind("SB_DFF", 0) == 0;
    if (!lut && !ff) continue;
    for (int n = 0; n < item.value(); ++n) {
      json cell = {{"type", item.key()}, {"port_directions", {{"O", "output"}, {"Q", "output"}, {"D", "input"}}}};
      cell["connections"] = lut ? json{{"O", {net}}} : json{{"D", {"0"}}, {"Q", {net}}};
      all[fmt::format("cell{}", net++)] = cell;
    }
  }
  json names = json::object();
  if (divf >= 0) {
    all["u_pll"] = {{"type", "SB_PLL40_PAD"},
                    {"parameters",
                     {{"DIVR", binary(divr, 4)},
                      {"DIVF", binary(divf, 7)},
                      {"DIVQ", binary(divq, 3)},
                      {"FEEDBACK_PATH", "SIMPLE"}}},
                    {"port_directions", {{"PLLOUTGLOBAL", "output"}}},
                    {"connections", {{"PLLOUTGLOBAL", {2}}}}};
    names["clk"] = {{"bits", {2}}};
  }
  write_file(folder_ / "netlist.json",
             json{{"modules", {{"icebreaker_top", {{"cells", all}, {"netnames", names}}}}}}.dump());
}

void Workshop::fmax(int seed, double mhz) const {
  write_file(folder_ / fmt::format("fmax-{}", seed), fmt::format("{}", mhz));
}

void Workshop::tool(const std::string& name, const std::string& script) const {
  const fs::path file = folder_ / "bin" / name;
  write_file(file, fmt::format("#!/bin/sh\nset -eu\nhere={}\n{}", folder_.path().string(), script));
  fs::permissions(file, fs::perms::owner_all);
}

int Workshop::calls(const std::string& name) const {
  const fs::path file = folder_ / ("calls-" + name);
  return fs::exists(file) ? static_cast<int>(fs::file_size(file)) : 0;
}

Arguments Workshop::arguments(const std::string& command, const Arguments& more) const {
  return Arguments{command,
                   "--board",
                   "icebreaker",
                   "--constraints",
                   (folder_ / "constraints").string(),
                   "--rtl",
                   std::string(SETTLE_SOURCE_DIR) + "/rtl",
                   "--out",
                   (folder_ / "out").string()} +
         more;
}

Ended Workshop::run(const std::string& command, const Arguments& more) const {
  return settle_test::run(arguments(command, more));
}

void change_family(nlohmann::ordered_json& board, const std::string& family) {
  board["family"] = family;
  if (family == "ecp5") board["pll"] = {{"CLKI_DIV", 1}, {"CLKFB_DIV", 2}, {"CLKOP_DIV", 20}};
  if (family == "gowin") board["pll"] = {{"IDIV_SEL", 0}, {"FBDIV_SEL", 1}, {"ODIV_SEL", 32}};
  if (family != "xilinx") return;
  board["pll"] = {{"DIVCLK_DIVIDE", 1}, {"CLKFBOUT_MULT", 10}, {"CLKOUT0_DIVIDE", 40}};
  board["oscillator_hz"] = 96000000;
}

json small_design() {
  return {{"SB_LUT4", 60},    {"SB_DFF", 20},  {"SB_DFFESR", 30},   {"SB_CARRY", 9},
          {"SB_RAM40_4K", 7}, {"SB_MAC16", 4}, {"SB_SPRAM256KA", 1}};
}

}  // namespace settle_test
