// settle-fpga build and synth, as a user runs them, on tools that are stand-ins: what is made, kept and told.
#include <doctest/doctest.h>

#include "fpga/build_checks.hpp"
#include "fpga/stand_ins.hpp"

using nlohmann::json;
using nlohmann::ordered_json;
using settle_test::check_nothing_half_written;
using settle_test::check_refused;
using settle_test::contains;
using settle_test::Ended;
using settle_test::place_of;
using settle_test::read_file;
using settle_test::small_design;
using settle_test::Workshop;
using settle_test::write_file;
namespace fs = std::filesystem;

TEST_CASE("build: the best of several seeds is packed, and all of them are told") {
  const Workshop shop;
  shop.fmax(1, 25.5);
  shop.fmax(2, 31.25);
  shop.fmax(3, 22);  // misses 24 MHz: shown, but not the one that is packed
  shop.fmax(4, 28);
  const Ended ended = shop.run("build", {"--seeds", "4"});
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(read_file(shop.build_folder() / "icebreaker_top.bin") == "BIN.comment whole, seed 2\n");
  CHECK(read_file(shop.build_folder() / "icebreaker_top.asc") == ".comment whole, seed 2\n");
  const json place = place_of(shop);
  CHECK(place.at("best_seed") == 2);
  CHECK(place.at("fmax_mhz") == json{{"min", 22}, {"median", 26.75}, {"max", 31.25}});
  CHECK(place.at("clock_hz") == 24000000);
  CHECK(place.at("seeds").size() == 4);
  CHECK(place.at("seeds")[0].at("slack_ns").get<double>() == doctest::Approx(1e3 / 24 - 1e3 / 25.5));
  CHECK(place.at("tools") == json{{"yosys", "Yosys stand-in"}, {"nextpnr", "nextpnr stand-in"}});
  const json synthesis = json::parse(read_file(shop.build_folder() / "synthesis.json"));
  CHECK(synthesis.at("fields").at("lanes") == 4);
  CHECK(synthesis.at("resources").at("lut") == 60);
  CHECK(synthesis.at("resources").at("ff") == 50);
  CHECK(synthesis.at("resources").at("logic_cells") == 110);
  for (const char* text : {"22.00", "-3.79  missed", "median     26.75", "of seed 2", "SPRAM"}) {
    INFO(text);
    CHECK(contains(ended.out, text));
  }
  const std::string words = read_file(shop / "nextpnr-words");
  for (const char* word : {"--up5k", "--package sg48", "--freq 24 ", "--seed 4"}) CHECK(contains(words, word));
  check_nothing_half_written(shop);
}

TEST_CASE("build: what is there is taken as it is, until its sources or its tools change") {
  const Workshop shop;
  shop.fmax(2, 29);
  REQUIRE(shop.run("build").status == 0);
  REQUIRE(shop.run("build", {"--seeds", "2"}).status == 0);
  CHECK(shop.calls("yosys") == 1);
  CHECK(shop.calls("nextpnr-ice40") == 2);
  write_file(shop / "constraints/icebreaker/pins.pcf", "set_io clk_i 20\n");
  REQUIRE(shop.run("build", {"--seeds", "2"}).status == 0);
  CHECK(shop.calls("yosys") == 1);
  CHECK(shop.calls("nextpnr-ice40") == 4);
  write_file(shop / "constraints/icebreaker/icebreaker_top.sv", "module icebreaker_top;\nendmodule\n");
  REQUIRE(shop.run("build").status == 0);
  CHECK(shop.calls("yosys") == 2);
  REQUIRE(shop.run("build", {"--fresh"}).status == 0);
  CHECK(shop.calls("yosys") == 3);
  // A netlist that was cut short since is not taken.
  write_file(shop.build_folder() / "icebreaker_top.json", "{\"modu");
  REQUIRE(shop.run("build").status == 0);
  CHECK(shop.calls("yosys") == 4);
  // The line's rate is in the netlist.
  shop.edit_board([](ordered_json& b) { b["baud"] = 115200; });
  REQUIRE(shop.run("build").status == 0);
  CHECK(shop.calls("yosys") == 5);
  CHECK(contains(read_file(shop.build_folder() / "board_pkg.sv"), "localparam int Baud = 115200;"));
}

TEST_CASE("build: a design that does not fit stops before place-and-route, with what is missing") {
  const Workshop shop;
  json cells = small_design();
  cells["SB_MAC16"] = 9;
  cells["SB_RAM40_4K"] = 31;
  shop.netlist(cells);
  const Ended ended = shop.run("build");
  check_refused(shop, ended,
                "multipliers (DSP) 9 needed, 8 there (multipliers); block RAMs 31 needed, 30 there (block_rams)");
  CHECK(shop.calls("nextpnr-ice40") == 0);
  cells = small_design();
  cells["SB_LUT4"] = 5231;  // and 50 flip-flops beside them
  shop.netlist(cells);
  check_refused(shop, shop.run("build", {"--fresh"}), "logic cells 5281 needed, 5280 there (logic_cells)");
  cells["SB_LUT4"] = 5230;
  shop.netlist(cells);
  CHECK(shop.run("build", {"--fresh"}).status == 0);
}

TEST_CASE("build: a missed clock fails, and names where the slowest path begins and ends") {
  const Workshop shop;
  REQUIRE(shop.run("build").status == 0);
  shop.fmax(1, 23.9);
  shop.fmax(2, 23.99);
  const Ended ended = shop.run("build", {"--seeds", "2", "--fresh"});
  check_refused(shop, ended, "23.99 MHz of 24 MHz in the best seed (2)");
  for (const char* text : {"begin_LC.O", "end_LC.I3", "u_array.sum[3]"}) CHECK(contains(ended.err, text));
  CHECK(contains(ended.out, "missed"));
  CHECK_FALSE(fs::exists(shop.build_folder() / "icebreaker_top.asc"));
  shop.fmax(1, 24);
  CHECK(shop.run("build", {"--fresh"}).status == 0);
}

TEST_CASE("build: no bitstream outlives a board.json by which its netlist does not fit or has another clock") {
  const auto refused = [](const std::function<void(ordered_json&)>& change, const std::string& part, int syntheses) {
    const Workshop shop;
    REQUIRE(shop.run("build").status == 0);
    shop.edit_board(change);
    check_refused(shop, shop.run("build"), part);
    CHECK_FALSE(fs::exists(shop.build_folder() / "icebreaker_top.asc"));
    CHECK(shop.calls("yosys") == syntheses);
    CHECK(contains(shop.run("prog").err, "no bitstream"));
  };
  refused([](ordered_json& b) { b["logic_cells"] = 109; }, "logic_cells", 1);  // the netlist itself is the same
  // A top that does not take its PLL's settings from board.json: the netlist's PLL still makes 24 MHz.
  refused(
      [](ordered_json& b) {
        b["clock_hz"] = 48000000;
        b["pll"]["DIVQ"] = 4;
      },
      "clock_hz: 48000000 is not what the board runs on: the PLL in icebreaker_top makes 24000000 Hz", 2);
}

TEST_CASE("build: what it prints gets lost: told, whatever was built") {
  const Workshop shop;
  const Ended ended = settle_test::run(shop.arguments("build"), "/dev/full");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "standard output cannot be written"));
}

TEST_CASE("build: a folder is one program's at a time") {
  const Workshop shop;
  write_file(shop / "hang-1", "");
  settle_test::Running first(shop.arguments("build"));
  while (!fs::exists(shop / "hanging") && !first.ends_within(std::chrono::milliseconds(1))) {
  }
  for (const char* command : {"build", "synth", "report"}) {
    CAPTURE(command);
    settle_test::Arguments words = shop.arguments(command);
    if (command == std::string("synth")) words.push_back("--no-place");
    const Ended second = settle_test::run(words);
    CHECK(second.status == 1);
    CHECK(second.one_line());
    CHECK(contains(second.err,
                   "icebreaker-anchored: in use by settle-fpga (process " + std::to_string(first.process()) + " on "));
  }
  CHECK(shop.calls("yosys") == 1);
  CHECK(fs::exists(shop.build_folder() / "seed-1.part"));
  // A lock does not outlive its program, even if that is killed; what it left is swept up.
  first.send(SIGKILL);
  first.wait();
  fs::remove(shop / "hang-1");
  CHECK(shop.run("build").status == 0);
  check_nothing_half_written(shop);
}

TEST_CASE("build: the folder for builds may be a link to one at another depth") {
  const Workshop shop;
  fs::create_directories(shop / "far/away/from/here");
  fs::create_directory_symlink(shop / "far/away/from/here", shop / "out");
  const Ended ended = shop.run("build");
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(contains(read_file(shop.build_folder() / "synth.ys"),
                 "  \"../../../../../constraints/icebreaker/icebreaker_top.sv\""));
}

TEST_CASE("build: yosys is given names with spaces in quotes") {
  const Workshop shop;
  fs::rename(shop / "constraints", shop / "my boards");
  settle_test::Arguments words = shop.arguments("build");
  words[4] = (shop / "my boards").string();
  const Ended ended = settle_test::run(words);
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(
      contains(read_file(shop.build_folder() / "synth.ys"), "\n  \"../../my boards/icebreaker/icebreaker_top.sv\"\n"));
}

TEST_CASE("build: a bitstream that is there can be kept, until its sources, pins or clock are others") {
  const Workshop shop;
  REQUIRE(shop.run("build", {"--keep"}).status == 0);
  const json before = place_of(shop);
  shop.fmax(2, 40);
  REQUIRE(shop.run("build", {"--keep", "--seeds", "2"}).status == 0);
  CHECK(place_of(shop) == before);
  CHECK(shop.calls("nextpnr-ice40") == 1);
  write_file(shop / "constraints/icebreaker/pins.pcf", "set_io clk_i 20\n");
  REQUIRE(shop.run("build", {"--keep", "--seeds", "2"}).status == 0);
  CHECK(place_of(shop).at("best_seed") == 2);
}

TEST_CASE("build: yosys is told of the memories that logic cells make, between the halves of its synthesis") {
  const Workshop shop;
  const auto script = [&] {
    REQUIRE(shop.run("build").status == 0);
    return read_file(shop.build_folder() / "synth.ys");
  };
  CHECK_FALSE(contains(script(), "\"logic\""));
  shop.edit_board([](ordered_json& b) { b["logic_memories"] = {"u_clamps"}; });
  const std::string told = script();
  CHECK(shop.calls("yosys") == 2);  // another netlist
  const std::size_t before = told.find("-run begin:map_ram\n");
  const std::size_t asserted = told.find("select -assert-min 1 */*.u_clamps.* %% t:$mem_v2 %i\n");
  const std::size_t set = told.find("setattr -set ram_style \"logic\" */*.u_clamps.* %% t:$mem_v2 %i\n");
  const std::size_t after = told.find("-run map_ram:json\n");
  REQUIRE(after != std::string::npos);
  CHECK(before < asserted);
  CHECK(asserted < set);
  CHECK(set < after);
}

TEST_CASE("build: tools that fail leave nothing half-written, and their words are told") {
  const Workshop shop;
  write_file(shop / "yosys-fails", "");
  check_refused(shop, shop.run("build"), "yosys failed (exit status 1): ERROR: Module `x` not found!");
  CHECK_FALSE(fs::exists(shop.build_folder() / "icebreaker_top.json"));
  check_nothing_half_written(shop);
  fs::remove(shop / "yosys-fails");
  for (const auto& [text, told] :
       {std::pair{"", "there is nothing in it"}, {"{\"modules\": {\"icebre", "not JSON at byte"}}) {
    write_file(shop / "netlist.json", text);  // on a full disk yosys ends well
    check_refused(shop, shop.run("build"), told);
    CHECK_FALSE(fs::exists(shop.build_folder() / "icebreaker_top.json"));
    CHECK_FALSE(fs::exists(shop.build_folder() / "synthesis.json"));
    check_nothing_half_written(shop);
  }
  shop.netlist(small_design());
  write_file(shop / "place-fails-1", "");
  check_refused(shop, shop.run("build"),
                "no seed could be placed: nextpnr-ice40 failed (exit status 1): ERROR: Unable to place cell");
  check_nothing_half_written(shop);
  shop.fmax(2, 26);
  const Ended one = shop.run("build", {"--seeds", "2"});  // one of two is enough, and told
  CHECK(one.status == 0);
  CHECK(contains(one.out, "not placed"));
  fs::remove(shop / "place-fails-1");
  write_file(shop / "report-is-cut", "");
  check_refused(shop, shop.run("build"), "report.json: not JSON at byte 23 of 23 (near key \"clk\")");
  fs::remove(shop / "report-is-cut");
  write_file(shop / "icepack-fails", "");
  check_refused(shop, shop.run("build"), "icepack failed (exit status 1): Error: bad chip");
  check_nothing_half_written(shop);
  fs::remove(shop / "icepack-fails");
  CHECK(shop.run("build").status == 0);
}

TEST_CASE("build: signals that were ignored when it began stay ignored, in its tools too") {
  const Workshop shop;
  write_file(shop / "hang-1", "");
  settle_test::Running running(shop.arguments("build"), "", [] {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGINT, SIG_IGN);
  });
  while (!fs::exists(shop / "hanging") && !running.ends_within(std::chrono::milliseconds(1))) {
  }
  const pid_t tool = std::stoi(read_file(shop / "hanging"));
  for (const int signal : {SIGHUP, SIGINT}) {
    CHECK(settle_test::ignores(running.process(), signal));
    CHECK(settle_test::ignores(tool, signal));
    running.send(signal);
  }
  CHECK_FALSE(running.ends_within(std::chrono::milliseconds(100)));
  running.send(SIGTERM);
  CHECK(running.wait().status == 130);
}

TEST_CASE("build: a parent that ignores the ends of its children does not make tools fail") {
  const Workshop shop;
  settle_test::Running running(shop.arguments("build"), "", [] { std::signal(SIGCHLD, SIG_IGN); });
  CHECK(running.wait().status == 0);
  CHECK(fs::exists(shop.build_folder() / "icebreaker_top.bin"));
}

TEST_CASE("build: Ctrl-C ends a tool that does not say its version") {
  const Workshop shop;
  shop.tool("yosys", "echo x >$here/asked\nexec sleep 1000\n");
  settle_test::Running running(shop.arguments("build"));
  while (!fs::exists(shop / "asked") && !running.ends_within(std::chrono::milliseconds(1))) {
  }
  running.send(SIGINT);
  const Ended ended = running.wait();
  CHECK(ended.status == 130);
  CHECK(contains(ended.err, "interrupted in yosys"));
}

TEST_CASE("build: Ctrl-C in place-and-route ends the tool and keeps the seeds that are finished") {
  const Workshop shop;
  shop.fmax(2, 26);
  shop.fmax(3, 27);
  write_file(shop / "hang-2", "");
  settle_test::Running running(shop.arguments("build", {"--seeds", "3"}));
  while (!fs::exists(shop / "hanging") && !running.ends_within(std::chrono::milliseconds(1))) {
  }
  running.send(SIGINT);
  const Ended ended = running.wait();
  CHECK(ended.status == 130);
  CHECK(contains(ended.err, "interrupted: 1 of 3 seeds are placed and kept, no bitstream is written"));
  const pid_t tool = std::stoi(read_file(shop / "hanging"));
  CHECK(kill(tool, 0) != 0);  // the tool is gone
  CHECK(fs::exists(shop.build_folder() / "seed-1" / "report.json"));
  CHECK_FALSE(fs::exists(shop.build_folder() / "seed-2"));
  CHECK_FALSE(fs::exists(shop.build_folder() / "icebreaker_top.bin"));
  check_nothing_half_written(shop);
  fs::remove(shop / "hang-2");
  REQUIRE(shop.run("build", {"--seeds", "3"}).status == 0);
  CHECK(shop.calls("yosys") == 1);
  CHECK(shop.calls("nextpnr-ice40") == 4);  // 1, 2 that was ended, 2, 3
  CHECK(place_of(shop).at("best_seed") == 1);
}
