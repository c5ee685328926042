// Configurations changed by field name: what is taken, what is refused and how.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "error_message.hpp"

namespace {

using namespace settle;
using settle_test::check_fails;

void check_refused(const std::map<std::string, int>& changes, const std::string& part) {
  check_fails([&] { with_changes(configuration("tiny"), changes, "--set"); }, part);
}

using Changes = std::map<std::string, int>;

Changes changes_of(const std::vector<std::string>& texts) {
  Changes changes;
  for (const std::string& text : texts) add_change(changes, text, "--format");
  return changes;
}

void check_text_refused(const std::string& text, const std::string& part) {
  Changes changes = {{"lanes", 2}};
  check_fails([&] { add_change(changes, text, "--format"); }, part);
  CHECK(changes == Changes{{"lanes", 2}});
}

/// Changes under which operands have `width` bits, 4 of them before the point with the sign.
Changes operand_bits(int width, int table_bits) {
  return {
      {"state_width", 18},   {"state_fraction", 14},       {"operand_width", width},  {"operand_fraction", width - 4},
      {"word_width", width}, {"word_fraction", width - 4}, {"table_bits", table_bits}};
}

}  // namespace

TEST_CASE("changes: any field by its name, the others stay") {
  const Configuration tiny = configuration("tiny");
  const Configuration c =
      with_changes(tiny, {{"step_shift", 3}, {"state_width", 22}, {"state_fraction", 18}, {"lanes", 2}}, "--set");
  CHECK(c.step_shift == 3);
  CHECK(c.state.width == 22);
  CHECK(c.state.fraction == 18);
  CHECK(c.lanes == 2);
  CHECK(c.operand.width == tiny.operand.width);
  CHECK(c.name == "tiny");
  CHECK(with_changes(tiny, {}, "--set").hash() == tiny.hash());
}

TEST_CASE("changes: the hash follows what decides bits, and only that") {
  const Configuration tiny = configuration("tiny");
  CHECK(with_changes(tiny, {{"lanes", 2}}, "--set").hash() == tiny.hash());
  CHECK(with_changes(tiny, {{"step_shift", 3}}, "--set").hash() != tiny.hash());
  CHECK(with_changes(tiny, {{"word_width", 14}, {"word_fraction", 10}}, "--set").hash() != tiny.hash());
}

TEST_CASE("changes: refusals name origin, field and range") {
  check_refused({{"step_shift", 13}}, "--set: step_shift: 13 is not 0 to 12");
  // 48 products of 2^30 leave a sum of 40 bits room for a state of 2^23, 2^15 of it below its last bit, but not for
  // 2^16.
  CHECK(with_changes(configuration("tiny"), {{"step_shift", 11}}, "--set").rounded_bits() == 15);
  check_refused({{"step_shift", 12}}, "accumulator_width 40 cannot hold 48 products and a state at step_shift 12");
  check_refused({{"coefficient_width", 7}}, "--set: coefficient_width: 7 is not 8 to 16");
  check_refused({{"state_wdith", 20}}, "--set: state_wdith: no such field of a configuration; known are lanes, ");
}

TEST_CASE("changes: values that do not go together") {
  check_refused({{"state_width", 22}}, "operand must be the upper part of the state");
  check_refused({{"accumulator_width", 33}}, "accumulator_width 33 cannot hold 48 products");
  check_refused({{"lanes", 3}}, "lanes 3 is not a power of two");
}

TEST_CASE("changes: a table's piece holds two operands at least and is one unit of the state wide at most") {
  for (const int bits : {0, 4, 8}) {
    CHECK(with_changes(configuration("tiny"), operand_bits(9, bits), "").table_bits == bits);
  }
  for (const int bits : {1, 3, 9}) {
    check_refused(operand_bits(9, bits), "table_bits " + std::to_string(bits) +
                                             ": 0 or 4 to 8 is needed for operands of 9 bits, 5 after the point");
  }
  CHECK(with_changes(configuration("tiny"), operand_bits(16, 10), "").table_bits == 10);
  // One bit before the point: two pieces would be narrow enough, but four are the fewest that hardware has.
  Changes unit = {{"state_width", 15}, {"state_fraction", 14}, {"operand_width", 9}, {"operand_fraction", 8},
                  {"word_width", 9},   {"word_fraction", 8},   {"table_bits", 2}};
  CHECK(with_changes(configuration("tiny"), unit, "").table_bits == 2);
  unit["table_bits"] = 1;
  check_refused(unit, "table_bits 1: 0 or 2 to 8 is needed");
}

TEST_CASE("changes: noise and rounding") {
  const Configuration tiny = configuration("tiny");
  CHECK(tiny.noise_fraction == 12);
  CHECK(tiny.round_half_up == 1);
  const Configuration c = with_changes(tiny, {{"noise_fraction", 5}, {"round_half_up", 0}}, "--set");
  CHECK(c.noise_fraction == 5);
  CHECK(c.round_half_up == 0);
  check_refused({{"noise_fraction", 0}}, "--set: noise_fraction: 0 is not 1 to 12");
  check_refused({{"noise_fraction", 13}}, "--set: noise_fraction: 13 is not 1 to 12");
  check_refused({{"round_half_up", 2}}, "--set: round_half_up: 2 is not 0 to 1");
}

TEST_CASE("changes: each field of the format decides the hash") {
  std::set<std::string> hashes = {configuration("tiny").hash_text()};
  std::size_t fields = 0;
  const auto change = [&](auto field) {
    Configuration c = configuration("tiny");
    field(c) -= 1;
    hashes.insert(c.hash_text());
    ++fields;
  };
  change([](Configuration& c) -> int& { return c.state.width; });
  change([](Configuration& c) -> int& { return c.state.fraction; });
  change([](Configuration& c) -> int& { return c.operand.width; });
  change([](Configuration& c) -> int& { return c.operand.fraction; });
  change([](Configuration& c) -> int& { return c.coefficient.width; });
  change([](Configuration& c) -> int& { return c.coefficient.fraction; });
  change([](Configuration& c) -> int& { return c.word.width; });
  change([](Configuration& c) -> int& { return c.word.fraction; });
  change([](Configuration& c) -> int& { return c.accumulator_width; });
  change([](Configuration& c) -> int& { return c.projection_width; });
  change([](Configuration& c) -> int& { return c.noise_fraction; });
  change([](Configuration& c) -> int& { return c.round_half_up; });
  CHECK(hashes.size() == fields + 1);
}

TEST_CASE("changes in words: formats and fields") {
  CHECK(changes_of({"state=Q4.12"}) == Changes{{"state_width", 16}, {"state_fraction", 12}});
  CHECK(changes_of({"operand=Q4.8"}) == Changes{{"operand_width", 12}, {"operand_fraction", 8}});
  CHECK(changes_of({"coefficient=Q5.11"}) == Changes{{"coefficient_width", 16}, {"coefficient_fraction", 11}});
  CHECK(changes_of({"word=Q3.06"}) == Changes{{"word_width", 9}, {"word_fraction", 6}});
  CHECK(changes_of({"noise_fraction=5", "round_half_up=0"}) == Changes{{"noise_fraction", 5}, {"round_half_up", 0}});
  CHECK(changes_of({"state_width=22"}) == Changes{{"state_width", 22}});
  CHECK(changes_of({"state=Q4.12", "state=Q4.14", "step_shift=3", "step_shift=4"}) ==
        Changes{{"state_width", 18}, {"state_fraction", 14}, {"step_shift", 4}});
}

TEST_CASE("changes in words: a format reads back as it was written") {
  const Configuration tiny = configuration("tiny");
  CHECK(format_text(tiny.state) == "Q4.20");
  CHECK(format_text(tiny.operand) == "Q4.12");
  const Configuration c =
      with_changes(tiny, changes_of({"state=Q4.18", "operand=Q4.9", "word=Q3.6", "coefficient=Q2.10"}), "--format");
  CHECK(format_text(c.state) == "Q4.18");
  CHECK(format_text(c.operand) == "Q4.9");
  CHECK(format_text(c.word) == "Q3.6");
  CHECK(format_text(c.coefficient) == "Q2.10");
}

TEST_CASE("changes in words: what is neither a format nor a field") {
  for (const char* text : {"state=24", "state", "state=", "state=q4.20", "state=Q4", "state=Q4.20 ", "state=Q-4.20",
                           "state=Q4.20=1", "state=Q4.200"}) {
    check_text_refused(text, std::string("--format: ") + text + ": a format is needed, as in state=Q4.12");
  }
  for (const char* text :
       {"", "=", "=3", "noise_fraction", "noise_fraction=", "noise_fraction=Q4.2", "noise_fraction=-1",
        "noise_fraction=99999999999", "noise_fraction=1.5", "noise_fraction= 3", "states=Q4.20"}) {
    check_text_refused(text,
                       std::string("--format: ") + text +
                           ": FIELD=NUMBER or FORMAT=Q4.12 is needed; formats are coefficient, operand, state, word");
  }
  check_text_refused("lanes\n=x", "FIELD=NUMBER");
  // Names and ranges are not judged before the change is made.
  check_refused(changes_of({"nosie_fraction=3"}), "--set: nosie_fraction: no such field of a configuration");
  check_refused(changes_of({"noise_fraction=9999999"}), "--set: noise_fraction: 9999999 is not 1 to 12");
  check_refused(changes_of({"state=Q0.99"}), "--set: state_fraction: 99 is not 4 to 30");
}
