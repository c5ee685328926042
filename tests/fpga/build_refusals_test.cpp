// settle-fpga build and synth, on tools that are stand-ins: what is refused, before or between the tools, and how.
#include <doctest/doctest.h>

#include "fpga/build_checks.hpp"
#include "fpga/stand_ins.hpp"

using nlohmann::json;
using nlohmann::ordered_json;
using settle_test::check_refused;
using settle_test::check_refused_early;
using settle_test::contains;
using settle_test::Ended;
using settle_test::kUsage;
using settle_test::read_file;
using settle_test::small_design;
using settle_test::Workshop;
using settle_test::write_file;
namespace fs = std::filesystem;

TEST_CASE("build: bad options are refused in one line") {
  const Workshop shop;
  for (const char* seeds : {"0", "-1", "abc", "1e9", "1001", ""}) {
    CAPTURE(seeds);
    const Ended ended = shop.run("build", {"--seeds", seeds});
    CHECK(ended.status == 2);
    CHECK(ended.one_line());
    CHECK(contains(ended.err, "a whole number from 1 to 1000 is needed"));
  }
  CHECK(settle_test::run({}).status == 2);
  CHECK(settle_test::run({"build"}).status == 2);
  CHECK(settle_test::run({"build", "--help"}).status == 0);
  const Ended full = settle_test::run({"build", "--help"}, "/dev/full");
  CHECK(full.status == 1);
  CHECK(contains(full.err, "standard output cannot be written"));
}

TEST_CASE("build: a netlist whose PLL makes another clock than the board says is refused") {
  const Workshop shop;
  shop.netlist(small_design(), 0, 79, 5);
  check_refused(shop, shop.run("build"),
                "clock_hz: 24000000 is not what the board runs on: the PLL in icebreaker_top makes 30000000 Hz");
  CHECK(shop.calls("nextpnr-ice40") == 0);
  shop.netlist(small_design(), 0, -1);
  check_refused(shop, shop.run("build", {"--fresh"}), "without a PLL, makes 12000000 Hz");
  shop.netlist(small_design(), 1, 63, 4);  // the same clock, but the oscillator inside is too slow
  check_refused(shop, shop.run("build", {"--fresh"}),
                "netlist.part: PLL: DIVR 1 DIVF 63 DIVQ 4 with an oscillator of 12000000 Hz: the PLL's own "
                "oscillator (VCO) would run at 384000000 Hz; 533 to 1066 MHz is allowed");
  shop.netlist(small_design(), 1, 127, 5);  // the same clock by other settings
  CHECK(shop.run("build", {"--fresh"}).status == 0);
}

TEST_CASE("build: a netlist in more than one piece is refused") {
  const Workshop shop;
  shop.netlist(small_design());
  auto cells = ordered_json::parse(read_file(shop / "cells.json"));
  cells["modules"]["piece"] = ordered_json::object();
  write_file(shop / "cells.json", cells.dump());
  check_refused(shop, shop.run("build"), "not one module but top piece");
  CHECK(shop.calls("nextpnr-ice40") == 0);
}

TEST_CASE("build: bad builds stop before any tool") {
  const Workshop shop;
  const auto with = [&](const char* field, int value) {
    shop.edit_board([&](ordered_json& b) {
      b["builds"]["anchored"]["set"] = {{"lanes", 4}};
      b["builds"]["anchored"]["set"][field] = value;
    });
    return shop.run("build");
  };
  check_refused_early(shop, with("lanes", 3), "lanes 3 is not a power of two");
  check_refused_early(shop, with("lanes", 128), "lanes: 128 is not 1 to 64");
  check_refused_early(shop, with("rank", 33),
                      "rank 33: a bus of it has 4224 coefficients, the memory (coefficients) holds 4096: rank 1 to 32");
  check_refused_early(shop, with("words", 31),
                      "rank 16: a bus of it has 32 words, the memory (words) holds 31: rank 1 to 15");
  check_refused_early(shop, with("coefficients", 2431), "does not fit");
  check_refused_early(shop, with("coefficients", 1 << 17), "of memory");
  check_refused_early(shop, with("lane", 2), "lane: no such field");
  shop.edit_board([](ordered_json& b) { b["builds"]["anchored"] = {{"configuration", "none"}}; });
  check_refused_early(shop, shop.run("build"), "configuration: none is not in");
}

TEST_CASE("build: a bad board file is told by file, field and range") {
  const auto refused = [](const std::function<void(ordered_json&)>& change, const std::string& part) {
    const Workshop shop;
    shop.edit_board(change);
    check_refused_early(shop, shop.run("build"), shop.board_file().string() + ": " + part);
  };
  refused([](ordered_json& b) { b["clock_hz"] = 5; },
          "clock_hz is 5, a whole number from 1000000 to 500000000 is needed");
  refused([](ordered_json& b) { b["baud"] = 115201; }, "baud: 115201 is not a multiple of 16");
  refused([](ordered_json& b) { b["baud"] = 6000001; },
          "baud is 6000001, a whole number from 9600 to 6000000 is needed");
  refused([](ordered_json& b) { b["family"] = "ice41"; }, "family: ice41 is none of ice40, ecp5, xilinx, gowin");
  refused([](ordered_json& b) { b["device"] = "up6k"; }, "device: up6k is none of");
  refused([](ordered_json& b) { b["package"] = "--help"; }, "package: --help begins with -");
  refused([](ordered_json& b) { b["top"] = "../x"; }, "top: ../x holds more than");
  refused([](ordered_json& b) { b["pins"] = "none.pcf"; }, "pins: ");
  refused([](ordered_json& b) { b.erase("block_rams"); }, "block_rams is missing");
  refused([](ordered_json& b) { b["colour"] = "green"; }, "colour is not a known key");
  refused([](ordered_json& b) { b["builds"] = json::object(); },
          "builds is an object, an object of at least one build is needed");
  refused([](ordered_json& b) { b["builds"]["anchored"]["lanes"] = 4; }, "builds.anchored.lanes is not a known key");
  refused([](ordered_json& b) { b["program"] = {"iceprog", "file"}; }, "program: no word holds {bitstream}");
  refused([](ordered_json& b) { b["sources"] = {"one"}; },
          "sources is a list of 1, a list of at least 2 texts is needed");
  refused([](ordered_json& b) { b["clock_hz"] = 30000000; },
          "pll: makes 24000000 Hz of oscillator_hz 12000000; clock_hz is 30000000");
  refused([](ordered_json& b) { b["oscillator_hz"] = 8000000; },
          "pll: DIVR 0 DIVF 63 DIVQ 5 with an oscillator of 8000000 Hz: the PLL's own oscillator (VCO) would run at "
          "512000000 Hz; 533 to 1066 MHz is allowed");
  refused([](ordered_json& b) { b["pll"]["DIVF"] = 128; }, "pll.DIVF is 128, a whole number from 0 to 127 is needed");
  refused([](ordered_json& b) { b["pll"].erase("DIVQ"); }, "pll.DIVQ is missing");
  refused([](ordered_json& b) { b["pll"]["CLKI_DIV"] = 1; }, "pll.CLKI_DIV is not a known key");
  refused([](ordered_json& b) { b["pll"] = 1; }, "pll is 1, an object is needed");
  refused([](ordered_json& b) { b.erase("pll"); },
          "clock_hz: 24000000 is not oscillator_hz, 12000000, and there is no pll to make it");
  const auto logic = [&](const json& value, const std::string& part) {
    refused([&](ordered_json& b) { b["logic_memories"] = value; }, "logic_memories" + part);
  };
  logic("u_clamps", " is \"u_clamps\", a list of at least 1 texts is needed");
  logic(json::array(), " is a list of 0, a list of at least 1 texts is needed");
  logic({"u_clamps", 1}, "[1] is 1, a text is needed");
  logic({"u_clamps", "*"}, "[1]: * holds more than letters, digits, _");
  logic({"u_clamps", "u_clamps"}, "[1]: u_clamps stands there twice");
  logic({"u_clamp"}, ": u_clamp is no instance in the RTL; a memory's, as u_clamps, is needed");
  refused(
      [](ordered_json& b) {
        b["logic_memories"] = {"u_clamps"};
        settle_test::change_family(b, "ecp5");
      },
      "logic_memories: only for the family ice40, not ecp5");
  const Workshop shop;
  write_file(shop.board_file(), read_file(shop.board_file()).substr(0, 300));
  check_refused_early(shop, shop.run("build"), "board.json: not JSON");
  check_refused_early(shop, shop.run("build", {"--build", "none"}), "board.json: not JSON");
}

TEST_CASE("build: unknown boards and builds list the known ones") {
  const Workshop shop;
  check_refused_early(shop, shop.run("build", {"--build", "none"}), "--build: none: ", kUsage);
  check_refused_early(shop, shop.run("build", {"--build", "none"}), "has none of this name; known are anchored",
                      kUsage);
  check_refused_early(shop, shop.run("build", {"--assets", "/nowhere"}), "--assets: /nowhere: no such folder");
  settle_test::Arguments words = shop.arguments("build");
  words[2] = "none";
  check_refused_early(shop, settle_test::run(words), "--board: none: unknown", kUsage);
  // Classes and targets are named after boards.
  for (const char* name : {"ice breaker", "ice-breaker", "iceBreaker"}) {
    fs::copy(shop / "constraints/icebreaker", shop / "constraints" / name);
    words[2] = name;
    check_refused_early(shop, settle_test::run(words), "holds more than lower-case letters, digits and _");
  }
}

TEST_CASE("build: missing tools are named with their Debian packages") {
  for (const auto& [tool, package] :
       {std::pair{"yosys", "yosys"}, {"nextpnr-ice40", "nextpnr-ice40"}, {"icepack", "fpga-icestorm"}}) {
    const Workshop shop;
    shop.remove_tool(tool);
    check_refused(shop, shop.run("build"), std::string(tool) + " is not installed: Debian's package is " + package);
    CHECK(shop.calls("yosys") == 0);
  }
  // synth goes on without place-and-route, but not through it to a packer that is not there.
  const Workshop shop;
  shop.remove_tool("icepack");
  check_refused(shop, shop.run("synth", {"--no-limit"}), "icepack is not installed");
  CHECK(shop.calls("nextpnr-ice40") == 0);
}
