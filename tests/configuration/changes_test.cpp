// Configurations changed by field name: what is taken, what is refused and how.
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "configuration/configuration.hpp"
#include "error_message.hpp"

namespace {

using namespace settle;
using settle_test::check_fails;

void check_refused(const std::map<std::string, int>& changes, const std::string& part) {
  check_fails([&] { with_changes(configuration("tiny"), changes, "--set"); }, part);
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
  check_refused({{"coefficient_width", 7}}, "--set: coefficient_width: 7 is not 8 to 16");
  check_refused({{"state_wdith", 20}}, "--set: state_wdith: no such field of a configuration; known are lanes, ");
}

TEST_CASE("changes: values that do not go together") {
  check_refused({{"state_width", 22}}, "operand must be the upper part of the state");
  check_refused({{"accumulator_width", 33}}, "accumulator_width 33 cannot hold 48 products");
  check_refused({{"lanes", 3}}, "lanes 3 is not a power of two");
}
