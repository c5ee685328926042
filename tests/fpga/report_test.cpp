// settle-fpga report and synth on stand-ins.
#include <filesystem>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "fpga/stand_ins.hpp"

using nlohmann::json;
using nlohmann::ordered_json;
using settle_test::contains;
using settle_test::Ended;
using settle_test::read_file;
using settle_test::Workshop;
using settle_test::write_file;

namespace fs = std::filesystem;

namespace {

json report_of(const Workshop& shop) { return json::parse(read_file(shop / "out/report.json")); }

/// The iCEBreaker as if it were another family's board.
void make_ecp5(const Workshop& shop) {
  shop.edit_board([](ordered_json& b) {
    settle_test::change_family(b, "ecp5");
    b["device"] = "25k";
  });
  shop.netlist({{"LUT4", 1000}, {"TRELLIS_FF", 500}, {"MULT18X18D", 4}, {"DP16KD", 3}});
}

}  // namespace

TEST_CASE("report: one row per build; what nobody measured is null") {
  const Workshop shop;
  for (int seed = 1; seed <= 5; ++seed) shop.fmax(seed, 24 + seed);
  REQUIRE(shop.run("report").status == 0);
  json rows = report_of(shop);
  REQUIRE(rows.size() == 1);
  json row = rows[0];
  CHECK(row.at("board") == "icebreaker");
  CHECK(row.at("config") == "anchored");
  CHECK(row.at("lanes") == 4);
  CHECK(row.at("lut") == 60);
  CHECK(row.at("ff") == 50);
  CHECK(row.at("dsp") == 4);
  CHECK(row.at("ram") == 7);
  CHECK(row.at("fmax_mhz") == json{{"min", 25}, {"median", 27}, {"max", 29}});
  CHECK(row.at("clock_mhz") == 24);
  CHECK(row.at("seed").size() == 5);
  for (const char* name : {"mac_utilisation", "cell_updates_per_second", "netlist_steps", "netlist_mismatches"}) {
    CHECK(row.at(name).is_null());
  }

  // Others have run the netlist and measured the engines, of this hardware.
  const std::string hardware = row.at("hardware_hash");
  write_file(shop.build_folder() / "netlist.json",
             json{{"steps", 200}, {"mismatches", 0}, {"hardware_hash", hardware}}.dump());
  const json speed = {{"board", "icebreaker"},
                      {"build", "anchored"},
                      {"configuration_hash", "x"},
                      {"hardware_hash", hardware},
                      {"lanes", 4},
                      {"steps", 100},
                      {"cells", 128},
                      {"cycles", 50000},
                      {"products", 190000},
                      {"verilated_updates_per_second", 1e6},
                      {"model_updates_per_second", 1e8}};
  write_file(shop / "speed.json", json::array({speed}).dump());
  const Ended ended = shop.run("report", {"--speed", (shop / "speed.json").string()});
  REQUIRE(ended.status == 0);
  CHECK(shop.calls("yosys") == 1);
  CHECK(shop.calls("nextpnr-ice40") == 5);
  row = report_of(shop)[0];
  CHECK(row.at("netlist_steps") == 200);
  CHECK(row.at("netlist_mismatches") == 0);
  CHECK(row.at("mac_utilisation").get<double>() == doctest::Approx(0.95));
  CHECK(row.at("cell_updates_per_second").get<double>() == doctest::Approx(6.144e6));
  CHECK(row.at("over_verilated").get<double>() == doctest::Approx(6.144));
  CHECK(contains(ended.out,
                 "| icebreaker | anchored | 4 | 60 | 50 | 4 | 7 + 1 SPRAM | 24 | 25.0 / 27.0 / 29.0 | 95.0 % |"));
  CHECK(contains(ended.out, "| 200 / 0 |"));

  CHECK(row.at("bitstream_steps").is_null());
  write_file(shop.build_folder() / "bitstream.json",
             json{{"steps", 200}, {"mismatches", 3}, {"hardware_hash", hardware}}.dump());
  CHECK(shop.run("report").status == 1);
  CHECK(report_of(shop)[0].at("bitstream_mismatches") == 3);
  CHECK(contains(report_of(shop)[0].at("failure"), "its bitstream is not the model"));
  fs::remove(shop.build_folder() / "bitstream.json");
  write_file(shop.build_folder() / "netlist.json", R"({"steps": 200, "mismatches": 0, "hardware_hash": "another"})");
  REQUIRE(shop.run("report").status == 0);
  CHECK(report_of(shop)[0].at("netlist_steps").is_null());
}

TEST_CASE("report: a build that misses its clock is in the report, and fails it") {
  const Workshop shop;
  for (int seed = 1; seed <= 5; ++seed) shop.fmax(seed, 20);
  CHECK(shop.run("report").status == 1);
  const json row = report_of(shop)[0];
  CHECK(row.at("fmax_mhz").at("max") == 20);
  CHECK(contains(row.at("failure"), "the clock is missed"));
}

TEST_CASE("report: a board that cannot be read is a row of its own, and the others are reported") {
  const Workshop shop;
  fs::create_directory(shop / "constraints/broken");
  write_file(shop / "constraints/broken/board.json", "{");
  const Ended ended = shop.run("report", {"--seeds", "1", "--board", "broken"});
  CHECK(ended.status == 1);
  const json rows = report_of(shop);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("lut") == 60);
  CHECK(rows[1].at("board") == "broken");
  CHECK(rows[1].at("lut").is_null());
  CHECK(contains(rows[1].at("failure"), "constraints/broken/board.json"));
  CHECK(contains(ended.out, "| broken | - | - |"));
}

TEST_CASE("synth: resources, the limit of lanes, and what place-and-route would need") {
  const Workshop shop;
  make_ecp5(shop);
  Ended ended = shop.run("synth");
  CHECK(ended.status == 0);
  CHECK(shop.calls("yosys") == 2);
  CHECK(contains(ended.out, "1000   5280  18.9 %"));
  CHECK(contains(ended.out, "limit, estimated"));
  CHECK(contains(ended.out, "nextpnr-ecp5 is not installed here"));
  ended = shop.run("build");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "nextpnr-ecp5 is not installed"));
  REQUIRE(shop.run("report").status == 0);
  const json row = report_of(shop)[0];
  CHECK(row.at("fmax_mhz").is_null());
  CHECK(row.at("lane_limit") == 64);
  shop.netlist({{"LUT4", 5281}});
  ended = shop.run("synth", {"--fresh", "--no-limit"});
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "LUT 5281 needed, 5280 there (logic_cells)"));
}

TEST_CASE("synth: a script for Vivado is written") {
  const Workshop shop;
  shop.edit_board([](ordered_json& b) { settle_test::change_family(b, "xilinx"); });
  shop.netlist({{"LUT6", 1000}});
  const Ended ended = shop.run("synth", {"--no-limit"});
  CHECK(ended.status == 0);
  CHECK(contains(ended.out, "vivado -mode batch -source build.tcl"));
  const std::string script = read_file(shop.build_folder() / "build.tcl");
  CHECK(contains(script, "synth_design -top icebreaker_top -part up5k"));
  CHECK(contains(script, "{settle_pkg.sv}\nread_verilog -sv {board_pkg.sv}\n"));
  CHECK(contains(script, "../../constraints/icebreaker/pins.pcf"));
  CHECK(contains(shop.run("build").err, "`make synth BOARD=icebreaker`"));
}
