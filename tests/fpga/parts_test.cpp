// The parts of settle-fpga that compute: cell counts, the limit of lanes, the PLL, nextpnr's report.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "error_message.hpp"
#include "fpga/netlist.hpp"
#include "fpga/nextpnr_report.hpp"
#include "fpga/pll.hpp"
#include "fpga/resources.hpp"
#include "fpga/speed.hpp"
#include "fpga/synth_command.hpp"
#include "program/program.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using nlohmann::json;
using settle_test::check_fails;
using settle_test::TemporaryFolder;
using settle_test::write_file;

namespace {

Board board(Family family) {
  Board b;
  b.folder = "constraints/b";
  b.family = family;
  b.device = "d";
  b.top = "t";
  b.oscillator_hz = 12000000;
  b.clock_hz = 24000000;
  b.logic_cells = 1000;
  b.block_rams = 10;
  b.multipliers = 8;
  return b;
}

/// A LUT or a flip-flop: its inputs and its output, nets by number.
json cell(const std::string& type, std::vector<int> inputs, int output) {
  json c = {{"type", type}, {"port_directions", json::object()}, {"connections", json::object()}};
  const bool lut = type == "SB_LUT4";
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string port = lut ? "I" + std::to_string(i) : i == 0 ? "D" : "C";
    c["port_directions"][port] = "input";
    c["connections"][port] = {inputs[i]};
  }
  c["port_directions"][lut ? "O" : "Q"] = "output";
  c["connections"][lut ? "O" : "Q"] = {output};
  return c;
}

}  // namespace

TEST_CASE("cells are counted in the units of each family's device") {
  Resources r = count_resources(Family::ecp5, {{"LUT4", 100},
                                               {"CCU2C", 7},
                                               {"TRELLIS_DPR16X4", 2},
                                               {"TRELLIS_FF", 30},
                                               {"MULT18X18D", 3},
                                               {"DP16KD", 4},
                                               {"PDPW16KD", 1},
                                               {"PFUMX", 9}});
  CHECK(r.lut == 126);
  CHECK(r.ff == 30);
  CHECK(r.dsp == 3);
  CHECK(r.ram == 5);
  r = count_resources(Family::xilinx, {{"LUT1", 1},
                                       {"LUT6", 10},
                                       {"RAM32M", 2},
                                       {"SRL16E", 1},
                                       {"FDRE", 5},
                                       {"FDSE", 1},
                                       {"DSP48E1", 2},
                                       {"RAMB36E1", 3},
                                       {"RAMB18E1", 3},
                                       {"CARRY4", 8},
                                       {"MUXF7", 3}});
  CHECK(r.lut == 20);
  CHECK(r.ff == 6);
  CHECK(r.dsp == 2);
  CHECK(r.ram == 5);  // three whole ones and three halves
  r = count_resources(Family::gowin, {{"LUT4", 10},
                                      {"LUT1", 2},
                                      {"ALU", 5},
                                      {"DFFRE", 4},
                                      {"DFF", 1},
                                      {"SDPX9B", 2},
                                      {"RAM16SDP4", 3},
                                      {"MUX2_LUT5", 8}});
  CHECK(r.lut == 29);
  CHECK(r.ff == 5);
  CHECK(r.ram == 2);
}

TEST_CASE("a LUT and a flip-flop share a logic cell if nothing else reads the LUT") {
  const TemporaryFolder folder;
  const json cells = {{"shared", cell("SB_LUT4", {1, 2}, 10)}, {"its", cell("SB_DFF", {10, 3}, 20)},
                      {"read", cell("SB_LUT4", {1, 20}, 11)},  {"twice", cell("SB_DFF", {11, 3}, 21)},
                      {"too", cell("SB_LUT4", {11, 21}, 12)},  {"lone", cell("SB_DFF", {1, 3}, 22)}};
  write_file(folder / "n.json", json{{"modules", {{"t", {{"cells", cells}, {"netnames", json::object()}}}}}}.dump());
  const NetlistFacts facts = read_netlist(folder / "n.json", board(Family::ice40));
  CHECK(facts.logic_cells == 3 + 2);
  CHECK(facts.pll_hz == 0);
  write_file(folder / "n.json", R"({"modules": {"other": {}}})");
  check_fails([&] { read_netlist(folder / "n.json", board(Family::ice40)); }, "is not a netlist of t");
}

TEST_CASE("a PLL's clock is what the vendors' own calculators say, and its VCO stays within the data sheet") {
  using Settings = std::map<std::string, int>;
  // icepll -i 12 -o 24 and -o 48; ecppll -i 25 -o 50; the others by hand from the vendors' formulas.
  CHECK(pll_hz(Family::ice40, {{"DIVR", 0}, {"DIVF", 63}, {"DIVQ", 5}}, 12'000'000, "f") == 24'000'000);
  CHECK(pll_hz(Family::ice40, {{"DIVR", 0}, {"DIVF", 63}, {"DIVQ", 4}}, 12'000'000, "f") == 48'000'000);
  CHECK(pll_hz(Family::ice40, {{"DIVR", 2}, {"DIVF", 72}, {"DIVQ", 6}}, 25'000'000, "f") == 9'505'208);  // .33
  CHECK(pll_hz(Family::ecp5, {{"CLKI_DIV", 1}, {"CLKFB_DIV", 2}, {"CLKOP_DIV", 12}}, 25'000'000, "f") == 50'000'000);
  CHECK(pll_hz(Family::xilinx, {{"DIVCLK_DIVIDE", 2}, {"CLKFBOUT_MULT", 21}, {"CLKOUT0_DIVIDE", 30}}, 100'000'000,
               "f") == 35'000'000);
  CHECK(pll_hz(Family::gowin, {{"IDIV_SEL", 1}, {"FBDIV_SEL", 2}, {"ODIV_SEL", 16}}, 27'000'000, "f") == 40'500'000);

  // The VCO on both edges of its range, and one step beyond.
  const auto edge = [](Family family, std::int64_t oscillator, const Settings& settings, const std::string& beyond) {
    const auto clock = [&] { return pll_hz(family, settings, oscillator, "f: pll"); };
    if (beyond.empty()) {
      CHECK(clock() > 0);
    } else {
      check_fails(clock, "would run at " + beyond + " Hz");
    }
  };
  const auto ice40 = [&](int divf, const char* beyond) {
    edge(Family::ice40, 13'000'000, {{"DIVR", 0}, {"DIVF", divf}, {"DIVQ", 3}}, beyond);
  };
  ice40(40, "");
  ice40(39, "520000000");
  ice40(81, "");
  ice40(82, "1079000000");
  const auto ecp5 = [&](int divisor, const char* beyond) {
    edge(Family::ecp5, 25'000'000, {{"CLKI_DIV", 1}, {"CLKFB_DIV", 2}, {"CLKOP_DIV", divisor}}, beyond);
  };
  ecp5(8, "");
  ecp5(7, "350000000");
  ecp5(16, "");
  ecp5(17, "850000000");
  const auto xilinx = [&](int times, const char* beyond) {
    edge(Family::xilinx, 100'000'000, {{"DIVCLK_DIVIDE", 2}, {"CLKFBOUT_MULT", times}, {"CLKOUT0_DIVIDE", 8}}, beyond);
  };
  xilinx(16, "");
  xilinx(15, "750000000");
  xilinx(32, "");
  xilinx(33, "1650000000");
  const auto gowin = [&](int divisor, const char* beyond) {
    edge(Family::gowin, 25'000'000, {{"IDIV_SEL", 0}, {"FBDIV_SEL", 4}, {"ODIV_SEL", divisor}}, beyond);
  };
  gowin(4, "");
  gowin(2, "250000000");
  gowin(8, "");
  gowin(16, "2000000000");
}

TEST_CASE("the limit of lanes is where the straight line through two syntheses leaves the device") {
  const Board b = board(Family::ecp5);
  Resources four, eight;
  four.lut = four.logic_cells = 300;  // 200 and 25 per lane: 32 lanes take all 1000
  four.dsp = 1;
  eight.lut = eight.logic_cells = 400;
  eight.dsp = 1;
  CHECK(lane_limit(b, four, 4, eight, 8, 64).lanes == 32);
  CHECK(lane_limit(b, four, 4, eight, 8, 64).resource == "LUT");
  CHECK(lane_limit(b, four, 4, eight, 8, 16).lanes == 16);
  eight.logic_cells = 401;
  CHECK(lane_limit(b, four, 4, eight, 8, 64).lanes == 16);
  four.dsp = 4;  // one per lane, 8 there
  eight.dsp = 8;
  CHECK(lane_limit(b, four, 4, eight, 8, 64).lanes == 8);
  CHECK(lane_limit(b, four, 4, eight, 8, 64).resource == "multipliers (DSP)");
  four.ram = eight.ram = 11;  // whatever the lanes
  CHECK(lane_limit(b, four, 4, eight, 8, 64).lanes == 0);
}

TEST_CASE("the array's clock of a report: by name, else the slowest; its slowest path") {
  const TemporaryFolder folder;
  const auto path = [](const char* from, const char* to, const char* cell, double ns) {
    return json{{"from", from},
                {"to", to},
                {"path",
                 {{{"delay", 1}, {"from", {{"cell", cell}, {"port", "C"}}}, {"to", {{"cell", cell}, {"port", "O"}}}},
                  {{"delay", ns},
                   {"net", "n"},
                   {"from", {{"cell", cell}, {"port", "O"}}},
                   {"to", {{"cell", "sink"}, {"port", "D"}}}}}}};
  };
  json root;
  root["fmax"] = {{"clk_$glb_clk", {{"achieved", 50}}}, {"clk_i", {{"achieved", 20}}}, {"clk2", {{"achieved", 70}}}};
  root["critical_paths"] = {path("posedge clk_i", "posedge clk_i", "other", 49),
                            path("posedge clk_$glb_clk", "<async>", "out", 90),
                            path("posedge clk_$glb_clk", "posedge clk_$glb_clk", "mine", 19)};
  root["utilization"] = {{"ICESTORM_LC", {{"used", 7}, {"available", 9}}}};
  write_file(folder / "r.json", root.dump());
  PlaceReport report = read_place_report(folder / "r.json", {"clk"});
  CHECK(report.array.fmax_mhz == 50);
  CHECK(report.array.begin == "mine.O");
  CHECK(report.array.end == "sink.D");
  CHECK(report.array.path_ns == doctest::Approx(20));
  CHECK(report.used.at("ICESTORM_LC") == 7);
  CHECK(read_place_report(folder / "r.json", {}).array.fmax_mhz == 20);
  root["fmax"] = json::object();
  write_file(folder / "r.json", root.dump());
  check_fails([&] { read_place_report(folder / "r.json", {"clk"}); }, "r.json: fmax: no clock");
}

TEST_CASE("speed: utilisation, rates and their limit from cycles and products") {
  const TemporaryFolder folder;
  Speed s;
  s.board = "b";
  s.build = "x";
  s.hardware = "abc";
  s.lanes = 4;
  s.steps = 100;
  s.cells = 128;
  s.cycles = 50000;
  s.products = 190000;
  CHECK(s.utilisation() == doctest::Approx(0.95));
  CHECK(s.updates(24e6) == doctest::Approx(6.144e6));
  CHECK(s.updates(24e6) == doctest::Approx(s.utilisation() * s.updates_limit(24e6)));
  CHECK(s.inferences(24e6) == doctest::Approx(480));
  write_file(folder / "speed.json", json::array({json(to_json(s))}).dump());
  CHECK(read_speed(folder / "speed.json", "b", "x", "abc")->products == 190000);
  CHECK_FALSE(read_speed(folder / "speed.json", "b", "x", "abd"));
  CHECK_FALSE(read_speed(folder / "speed.json", "b", "y", "abc"));
  CHECK_FALSE(read_speed("", "b", "x", "abc"));
  check_fails([&] { read_speed(folder / "none.json", "b", "x", "abc"); }, "none.json");
  write_file(folder / "speed.json", "[{\"board\": 1");
  check_fails([&] { read_speed(folder / "speed.json", "b", "x", "abc"); }, "speed.json: not JSON at byte");
}
