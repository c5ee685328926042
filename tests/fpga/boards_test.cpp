// settle-fpga list, show and check: what board.json says, for scripts, and whether it is right.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "fpga/stand_ins.hpp"

using nlohmann::ordered_json;
using settle_test::Arguments;
using settle_test::contains;
using settle_test::Ended;
using settle_test::read_file;
using settle_test::operator+;
using settle_test::Workshop;
using settle_test::write_file;
namespace fs = std::filesystem;

namespace {

/// A second board in the workshop, of another family, with two builds.
void add_ecp5_board(const Workshop& shop) {
  fs::copy(shop / "constraints/icebreaker", shop / "constraints/another");
  const fs::path file = shop / "constraints/another/board.json";
  auto board = ordered_json::parse(read_file(file));
  settle_test::change_family(board, "ecp5");
  board["builds"]["wide"] = {{"configuration", "anchored"}, {"set", {{"lanes", 8}}}};
  write_file(file, board.dump());
}

void break_board(const Workshop& shop) {
  fs::create_directory(shop / "constraints/broken");
  write_file(shop / "constraints/broken/board.json", "{");
}

/// Columns of the rows of constraints/README.md's table of boards, without the blanks around them; the first is the
/// folder.
std::vector<std::vector<std::string>> table_of_boards() {
  std::vector<std::vector<std::string>> rows;
  std::istringstream text(read_file(fs::path(SETTLE_SOURCE_DIR) / "constraints/README.md"));
  std::string line;
  while (std::getline(text, line) && line.rfind("| board | device | oscillator | array | line |", 0) != 0) continue;
  std::getline(text, line);  // the rule below the heading
  while (std::getline(text, line) && !line.empty()) {
    std::vector<std::string> row;
    std::istringstream columns(line.substr(1));
    for (std::string column; std::getline(columns, column, '|');) {
      const std::size_t first = column.find_first_not_of(" `"), last = column.find_last_not_of(" `");
      row.push_back(column.substr(first, last - first + 1));
    }
    rows.push_back(row);
  }
  return rows;
}

/// "40.5 MHz" and "115.2 kBd" as numbers of Hz and baud.
std::int64_t number_of(const std::string& text) {
  double value = 0;
  std::string unit;
  std::istringstream(text) >> value >> unit;
  REQUIRE((unit == "MHz" || unit == "MBd" || unit == "kBd"));
  return std::llround(value * (unit[0] == 'M' ? 1e6 : 1e3));
}

/// Whether what people call a device, as ECP5-85F, may be what tools call 85k: both have two letters or digits in a row
/// alike, one of them a digit.
bool same_device(std::string people, std::string tools) {
  for (std::string* name : {&people, &tools}) {
    for (char& c : *name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (std::size_t at = 0; at + 1 < people.size(); ++at) {
    const std::string pair = people.substr(at, 2);
    const auto is = [](int (*kind)(int)) {
      return [kind](char c) { return kind(static_cast<unsigned char>(c)) != 0; };
    };
    if (std::all_of(pair.begin(), pair.end(), is(std::isalnum)) &&
        std::any_of(pair.begin(), pair.end(), is(std::isdigit)) && contains(tools, pair)) {
      return true;
    }
  }
  return false;
}

Arguments in_shop(const Workshop& shop, const Arguments& words) {
  return words + Arguments{"--constraints", (shop / "constraints").string()};
}

}  // namespace

TEST_CASE("list: the boards of a family, and what cannot be read is told beside them") {
  const Workshop shop;
  add_ecp5_board(shop);
  CHECK(settle_test::run(in_shop(shop, {"list"})).out == "another\nicebreaker\n");
  CHECK(settle_test::run(in_shop(shop, {"list", "--family", "ice40"})).out == "icebreaker\n");
  CHECK(settle_test::run(in_shop(shop, {"list", "--family", "gowin"})).out.empty());
  break_board(shop);
  const Ended ended = settle_test::run(in_shop(shop, {"list", "--family", "ice40"}));
  CHECK(ended.status == 1);
  CHECK(ended.out == "icebreaker\n");
  CHECK(contains(ended.err, "broken/board.json: not JSON"));
  CHECK(settle_test::run(in_shop(shop, {"list", "--family", "ice41"})).status == 2);
  CHECK(settle_test::run({"list", "--constraints", (shop / "none").string()}).status == 1);
}

TEST_CASE("show: one field alone, or all of them") {
  const Workshop shop;
  const auto show = [&](const Arguments& more) {
    return settle_test::run(in_shop(shop, Arguments{"show", "--board", "icebreaker"} + more));
  };
  const std::pair<const char*, const char*> values[] = {{"family", "ice40"},
                                                        {"device", "up5k"},
                                                        {"clock_hz", "24000000"},
                                                        {"baud", "1000000"},
                                                        {"pll", "DIVF=63 DIVQ=5 DIVR=0"},
                                                        {"builds", "anchored"}};
  const std::string all = show({}).out;
  for (const auto& pair : values) {
    const std::string field = pair.first, value = pair.second;
    CAPTURE(field);
    CHECK(show({"--field", field}).out == value + "\n");
    CHECK(contains(all, "\n" + field + " "));
  }
  const Ended ended = show({"--field", "colour"});
  CHECK(ended.status == 2);
  CHECK(ended.one_line());
  CHECK(contains(ended.err, "--field: \"colour\": unknown; known are name, family,"));
  CHECK(contains(show({"--field", ""}).err, "--field: \"\": unknown"));
  CHECK(settle_test::run(in_shop(shop, {"show", "--board", "none"})).status == 2);
  CHECK(settle_test::run(in_shop(shop, {"check", "--board", "none"})).status == 2);
  CHECK(
      contains(settle_test::run(in_shop(shop, {"check", "--rtl", "/nowhere"})).err, "--rtl: /nowhere: no such folder"));
}

TEST_CASE("check: every build's packages and their list; a bad board does not hide the others") {
  const Workshop shop;
  add_ecp5_board(shop);
  const fs::path packages = shop / "packages";
  const auto check = [&] {
    return settle_test::run(
        in_shop(shop, {"check", "--rtl", std::string(SETTLE_SOURCE_DIR) + "/rtl", "--packages", packages.string()}));
  };
  const Ended good = check();
  INFO(good.err);
  CHECK(good.status == 0);
  CHECK(contains(good.out, "icebreaker-anchored: 4 lanes at 24000000 Hz from 12000000 Hz, line at 1000000 baud\n"));
  CHECK(read_file(packages / "builds.txt") ==
        "another anchored ecp5 icebreaker_top pins.pcf\nanother wide ecp5 icebreaker_top pins.pcf\n"
        "icebreaker anchored ice40 icebreaker_top pins.pcf\n");
  CHECK(read_file(packages / "icebreaker-anchored/board_pkg.sv") ==
        "// Generated by settle-fpga from the board.json of icebreaker. Do not edit.\n"
        "package board_pkg;\n  localparam int ClockHz = 24000000;\n  localparam int Baud = 1000000;\n"
        "  localparam logic [3:0] PllDivr = 4'd0;\n  localparam logic [6:0] PllDivf = 7'd63;\n"
        "  localparam logic [2:0] PllDivq = 3'd5;\nendpackage\n");
  CHECK(contains(read_file(packages / "another-wide/settle_pkg.sv"), "localparam int Lanes = 8;"));
  CHECK(contains(read_file(packages / "another-wide/board_pkg.sv"), "localparam int PllClkfbDiv = 2;"));
  CHECK_FALSE(fs::exists(shop / "out"));

  break_board(shop);
  shop.edit_board([](ordered_json& b) { b["builds"]["anchored"]["set"]["lanes"] = 3; });
  const Ended bad = check();
  CHECK(bad.status == 1);
  CHECK(contains(bad.err, "broken/board.json: not JSON"));
  CHECK(contains(bad.err, "icebreaker/board.json: builds.anchored.set: "));
  CHECK(read_file(packages / "builds.txt") ==
        "another anchored ecp5 icebreaker_top pins.pcf\nanother wide ecp5 icebreaker_top pins.pcf\n");
}

TEST_CASE("check: the boards that ship are right") {
  const std::string tree = SETTLE_SOURCE_DIR;
  const Ended ended = settle_test::run({"check", "--constraints", tree + "/constraints", "--rtl", tree + "/rtl"});
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(ended.err.empty());
}

TEST_CASE("constraints/README.md: its table has every board, with the device, clocks and line of its board.json") {
  const fs::path constraints = fs::path(SETTLE_SOURCE_DIR) / "constraints";
  std::set<std::string> folders, listed;
  for (const auto& entry : fs::directory_iterator(constraints)) {
    if (fs::exists(entry.path() / "board.json")) folders.insert(entry.path().filename().string());
  }
  for (const std::vector<std::string>& row : table_of_boards()) {
    REQUIRE(row.size() == 6);
    CAPTURE(row[0]);
    listed.insert(row[0]);
    REQUIRE(folders.count(row[0]) == 1);
    const auto board = ordered_json::parse(read_file(constraints / row[0] / "board.json"));
    CHECK(same_device(row[1], board.at("device").get<std::string>()));
    CHECK(number_of(row[2]) == board.at("oscillator_hz").get<std::int64_t>());
    CHECK(number_of(row[3]) == board.at("clock_hz").get<std::int64_t>());
    CHECK(number_of(row[4]) == board.at("baud").get<std::int64_t>());
  }
  CHECK(listed == folders);
}
