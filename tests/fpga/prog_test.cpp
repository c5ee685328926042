// settle-fpga prog on programmers that are stand-ins.
#include <doctest/doctest.h>

#include "error_message.hpp"
#include "fpga/stand_ins.hpp"

using settle_test::contains;
using settle_test::Ended;
using settle_test::read_file;
using settle_test::Workshop;
using settle_test::write_file;

TEST_CASE("prog: flashes what was built") {
  const Workshop shop;
  REQUIRE(shop.run("build").status == 0);
  const Ended ended = shop.run("prog");
  CHECK(ended.status == 0);
  CHECK(read_file(shop / "flash") == read_file(shop.build_folder() / "icebreaker_top.bin"));
  shop.tool("openFPGALoader", "test $1 = -b\ntest $2 = x\ncat <$3 >$here/loaded\n");
  shop.edit_board([](nlohmann::ordered_json& b) { b["program"] = {"openFPGALoader", "-b", "x", "{bitstream}"}; });
  CHECK(shop.run("prog").status == 0);
  CHECK(read_file(shop / "loaded") == read_file(shop / "flash"));
}

TEST_CASE("prog: no bitstream, no tool, no board and a board that fails are told apart") {
  const Workshop shop;
  Ended ended = shop.run("prog");
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(contains(ended.err, "no bitstream"));
  CHECK(contains(ended.err, "make bitstream BOARD=icebreaker writes it"));
  REQUIRE(shop.run("build").status == 0);

  write_file(shop / "no-board", "");
  ended = shop.run("prog");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "no board found: iceprog said \"Can't find iCE FTDI USB device"));

  std::filesystem::remove(shop / "no-board");
  write_file(shop / "bad-flash", "");
  ended = shop.run("prog");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "iceprog failed (exit status 3): VERIFY FAILED"));
  CHECK_FALSE(contains(ended.err, "no board"));

  std::filesystem::remove(shop / "bad-flash");
  shop.tool("iceprog", "echo 'init..'; echo 'unable to claim usb device: Device or resource busy' >&2; exit 2\n");
  ended = shop.run("prog");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "in use by "));
  CHECK(contains(ended.err, "iceprog said \"unable to claim usb device: Device or resource busy\""));
  CHECK_FALSE(contains(ended.err, "no board"));

  shop.remove_tool("iceprog");
  ended = shop.run("prog");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "iceprog is not installed: Debian's package is fpga-icestorm"));
  CHECK_FALSE(std::filesystem::exists(shop / "flash"));
}

TEST_CASE("prog: only what was built of the sources, pins and clock that are here is loaded") {
  const auto refused = [](const std::function<void(const Workshop&)>& change, const std::string& part) {
    const Workshop shop;
    REQUIRE(shop.run("build").status == 0);
    change(shop);
    const Ended ended = shop.run("prog");
    INFO("err: ", ended.err);
    INFO("wanted: ", part);
    CHECK(ended.status == 1);
    CHECK(ended.one_line());
    CHECK(contains(ended.err, part));
    CHECK(contains(ended.err, "make bitstream BOARD=icebreaker writes it"));
    CHECK(shop.calls("iceprog") == 0);
  };
  const auto add = [](const std::filesystem::path& file) { write_file(file, read_file(file) + "\n"); };
  const std::string others = "was built from other sources (hardware ";
  refused([&](const Workshop& shop) { add(shop / "constraints/icebreaker/pins.pcf"); }, others);
  refused([&](const Workshop& shop) { add(shop / "constraints/icebreaker/icebreaker_top.sv"); }, others);
  refused(
      [](const Workshop& shop) {
        shop.edit_board([](nlohmann::ordered_json& b) { b["builds"]["anchored"]["set"]["lanes"] = 2; });
      },
      others);
  refused(
      [](const Workshop& shop) {
        shop.edit_board([](nlohmann::ordered_json& b) {
          b["clock_hz"] = 12000000;
          b["pll"]["DIVQ"] = 6;
        });
      },
      others);
  refused([](const Workshop& shop) { shop.edit_board([](nlohmann::ordered_json& b) { b["baud"] = 115200; }); }, others);
  refused([&](const Workshop& shop) { add(shop.build_folder() / "icebreaker_top.bin"); }, "is not what was built");
  const auto record = [](const Workshop& shop) { return shop.build_folder() / "place.json"; };
  refused([&](const Workshop& shop) { std::filesystem::remove(record(shop)); }, "place.json is not there");
  for (const char* text : {"", "{\"git", "[]", "{}", "{\"bitstream_hash\": 1}", "null"}) {
    refused([&](const Workshop& shop) { write_file(record(shop), text); }, "icebreaker_top.bin ");
  }
}

TEST_CASE("prog: where no tool here makes the bitstream, it is said what does") {
  const Workshop shop;
  shop.edit_board([](nlohmann::ordered_json& b) { settle_test::change_family(b, "ecp5"); });
  CHECK(contains(shop.run("prog").err, "make synth BOARD=icebreaker writes it, where nextpnr-ecp5 and ecppack are"));
  shop.edit_board([](nlohmann::ordered_json& b) { settle_test::change_family(b, "xilinx"); });
  CHECK(contains(shop.run("prog").err, "Vivado writes it, with the script of make synth BOARD=icebreaker"));
  // Vivado leaves no record.
  shop.netlist({{"LUT6", 1000}});
  REQUIRE(shop.run("synth", {"--no-limit"}).status == 0);
  write_file(shop.build_folder() / "icebreaker_top.bit", "by Vivado");
  CHECK(shop.run("prog").status == 0);
  CHECK(read_file(shop / "flash") == "by Vivado");
}
