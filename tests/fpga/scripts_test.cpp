// Scripts for yosys and Vivado name the very files that they were given, whatever their names hold, or no script is
// made.
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "fpga/build_checks.hpp"
#include "fpga/stand_ins.hpp"
#include "fpga/vivado_script.hpp"
#include "fpga/yosys_script.hpp"

namespace fs = std::filesystem;
using settle::Board;
using settle::BuildPlan;
using settle_test::check_fails;
using settle_test::contains;
using settle_test::Ended;
using settle_test::read_file;
using settle_test::Workshop;

namespace {

const std::vector<std::string> kOddNames = {
    "a b",     "it's",           "a{b",      "a}b",  "{a}",   "$x",    "$(touch hit)", "a;b",  "a; b", "a #b", "#",
    "a[exec]", "a`b`",           "~a",       "a\\b", "\"a\"", "a\" b", "a\nb",         "a\tb", "a\\",  "*",    "a?b",
    "-a",      "a\";touch h;\"", "\xc3\xa9", "<a",   "|a",    "a&&b"};

/// Whether yosys 0.23, which was asked, can be told this name: its quotes know no escape, and names are patterns.
bool yosys_can(const std::string& name) { return name.find_first_of("\"\\*?[\n\t") == std::string::npos; }

/// The words of a line as yosys takes them: a quote at the beginning of a word ends at a quote before a blank.
std::vector<std::string> yosys_words(const std::string& line) {
  std::vector<std::string> words;
  for (std::size_t at = line.find_first_not_of(' '); at != std::string::npos; at = line.find_first_not_of(' ', at)) {
    std::size_t end = line.find(' ', at);
    if (line[at] == '"')
      end = line.find("\" ", at + 1) == std::string::npos ? line.size() : line.find("\" ", at + 1) + 1;
    end = std::min(end, line.size());
    words.push_back(line[at] == '"' ? line.substr(at + 1, end - at - 2) : line.substr(at, end - at));
    at = end;
  }
  return words;
}

/// The one name that Tcl makes of "{x}" or of "[list x]"; "" if it is neither: what a backslash is before stands for
/// itself, three octal digits for a character.
std::string tcl_name(const std::string& text) {
  const std::string special = " \t\n$[]{}\";#";
  if (text.size() > 2 && text.front() == '{' && text.back() == '}') {
    const std::string name = text.substr(1, text.size() - 2);
    return name.find_first_of(special + "\\") == std::string::npos ? name : "";
  }
  if (text.rfind("[list ", 0) != 0 || text.back() != ']') return "";
  std::string name;
  for (std::size_t i = 6; i + 1 < text.size(); ++i) {
    if (special.find(text[i]) != std::string::npos) return "";
    if (text[i] != '\\') {
      name += text[i];
    } else if (text[i + 1] >= '0' && text[i + 1] <= '7') {
      name += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      name += text[++i];
    }
  }
  return name;
}

}  // namespace

TEST_CASE("yosys is told the very names of its sources, or refuses them in words") {
  Board board;
  board.name = "x";
  board.top = "t";
  for (const std::string& name : kOddNames) {
    CAPTURE(name);
    const std::vector<fs::path> sources = {"/w/" + name + "/a.sv", "/w/r/" + name, "/w/out/b/settle_pkg.sv"};
    const auto script = [&] { return settle::yosys_script(board, sources, "/w/out/b"); };
    if (!yosys_can(name)) {
      check_fails(script, "yosys reads no file whose path holds");
      continue;
    }
    const std::string text = script();
    const std::size_t begin = text.find("read_verilog");
    std::string command = text.substr(begin, text.find("\nsynth_") - begin);
    for (std::size_t at = 0; (at = command.find(" \\\n ", at)) != std::string::npos;) command.erase(at + 1, 2);
    CHECK(command.find('\n') == std::string::npos);
    CHECK(yosys_words(command) == std::vector<std::string>{"read_verilog", "-sv", "../../" + name + "/a.sv",
                                                           "../../r/" + name, "settle_pkg.sv"});
  }
}

TEST_CASE("Vivado is told the very names of its sources") {
  BuildPlan plan;
  plan.board.name = "x";
  plan.board.top = "t";
  plan.board.pins = "p.xdc";
  plan.folder = "/w/out/b";
  for (const std::string& name : kOddNames) {
    CAPTURE(name);
    plan.sources = {"/w/" + name + "/a.sv"};
    plan.board.folder = "/w/c/" + name;
    const std::string text = settle::vivado_script(plan);
    const auto argument = [&](const std::string& command) {
      const std::size_t at = text.find("\n" + command);
      REQUIRE(at != std::string::npos);
      const std::size_t begin = at + 1 + command.size();
      return text.substr(begin, text.find('\n', begin) - begin);
    };
    CHECK(tcl_name(argument("read_verilog -sv ")) == "../../" + name + "/a.sv");
    CHECK(tcl_name(argument("read_xdc ")) == "../../c/" + name + "/p.xdc");
  }
}

TEST_CASE("build: folders of any name are read, or refused before anything is written") {
  const Workshop shop;
  const auto build_in = [&](const std::string& name) {
    const fs::path rtl = shop / name / "rtl";
    fs::create_directories(rtl.parent_path());
    fs::copy(fs::path(SETTLE_SOURCE_DIR) / "rtl", rtl, fs::copy_options::recursive);
    settle_test::Arguments words = shop.arguments("build");
    words[6] = rtl.string();
    return settle_test::run(words);
  };
  settle_test::check_refused_early(shop, build_in("a\"; !touch hit; \"b"), "yosys reads no file whose path holds");
  settle_test::check_refused_early(shop, build_in("a\n!touch hit\nb"), "yosys reads no file whose path holds");
  CHECK(build_in("it's {a}; $(touch hit) #b").status == 0);
  CHECK(contains(read_file(shop.build_folder() / "synth.ys"), "\"../../it's {a}; $(touch hit) #b/rtl/lane.sv\" \\\n"));
}

TEST_CASE("build and prog: a folder for builds that begins with - is no option to the tools") {
  const Workshop shop;
  const fs::path before = fs::current_path();
  fs::current_path(shop / "");
  settle_test::Arguments words = shop.arguments("build");
  words[7] = "--out=-o";
  words.pop_back();
  const Ended built = settle_test::run(words);
  words[0] = "prog";
  shop.tool("iceprog", "case $1 in -*) exit 1 ;; esac\ncp $1 $here/flash\n");
  const Ended loaded = settle_test::run(words);
  fs::current_path(before);
  INFO(built.err, loaded.err);
  CHECK(built.status == 0);
  CHECK(loaded.status == 0);
  CHECK(read_file(shop / "flash") == read_file(shop / "-o/icebreaker-anchored/icebreaker_top.bin"));
}
