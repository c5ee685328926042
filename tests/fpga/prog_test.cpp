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

  shop.remove_tool("iceprog");
  ended = shop.run("prog");
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, "iceprog is not installed: Debian's package is fpga-icestorm"));
  CHECK_FALSE(std::filesystem::exists(shop / "flash"));
}
