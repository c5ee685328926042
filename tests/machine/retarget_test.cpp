// A machine for another build: times, force tables and hash follow it, all else stays.
#include "machine/retarget.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "error_message.hpp"
#include "machine/force_table.hpp"
#include "machine/machine_file.hpp"
#include "machine/small_machine.hpp"

namespace {

using namespace settle;
using settle_test::check_fails;
using settle_test::linear_machine;
using settle_test::random_matrix;
using settle_test::small_machine;

Configuration tiny(const std::map<std::string, int>& changes = {}) {
  return with_changes(configuration("tiny"), changes, "test");
}

/// A machine as the fit would make it for `tiny`.
Machine machine_of_tiny() {
  Machine m = small_machine();
  m.configuration_hash = tiny().hash_text();
  m.step = tiny().step();
  const Eigen::MatrixXd knots = random_matrix(tiny().table_pieces() + 1, 1, 1.0, 21);
  m.layers[1].force.assign(knots.data(), knots.data() + knots.size());
  return m;
}

Machine with_steps(int settle_steps, int window_steps) {
  Machine m = machine_of_tiny();
  m.settle_steps = settle_steps;
  m.window_steps = window_steps;
  return m;
}

Machine at_step(const Machine& m, int step_shift) {
  return retargeted(m, tiny(), tiny({{"step_shift", step_shift}}), "x");
}

ForceTable table(const Machine& m) { return {"second", m.layers[1].force, m.layers[1].scale * kStateRange}; }

/// Largest difference of the second layer's force at 1001 points, some of them beyond the table's ends.
double largest_difference(const Machine& a, const Machine& b) {
  const ForceTable force_a = table(a), force_b = table(b);
  double largest = 0;
  for (int i = 0; i <= 1000; ++i) {
    const double x = 1.1 * (i / 500.0 - 1) * a.layers[1].scale * kStateRange;
    largest = std::max(largest, std::fabs(force_a(x) - force_b(x)));
  }
  return largest;
}

}  // namespace

TEST_CASE("retargeted: an unchanged configuration gives the same machine") {
  const Machine m = machine_of_tiny();
  CHECK(machine_text(retargeted(m, tiny(), tiny(), "x"), "x") == machine_text(m, "x"));
}

TEST_CASE("retargeted: the hash is the new configuration's, everything else stays") {
  const Machine m = machine_of_tiny();
  const Configuration to = tiny({{"noise_fraction", 5}, {"coefficient_width", 15}});
  Machine out = retargeted(m, tiny(), to, "x");
  CHECK(out.configuration_hash == to.hash_text());
  CHECK(out.configuration_hash != m.configuration_hash);
  out.configuration_hash = m.configuration_hash;
  CHECK(machine_text(out, "x") == machine_text(m, "x"));
}

TEST_CASE("retargeted: another step keeps the times") {
  const Machine finer = at_step(with_steps(10, 20), 3);
  CHECK(finer.step == 0.125);
  CHECK(finer.settle_steps == 20);
  CHECK(finer.window_steps == 40);
  const Machine coarser = at_step(with_steps(10, 20), 1);
  CHECK(coarser.step == 0.5);
  CHECK(coarser.settle_steps == 5);
  CHECK(coarser.window_steps == 10);
  const Machine coarsest = at_step(with_steps(10, 21), 0);
  CHECK(coarsest.settle_steps == 3);  // up: not a step less than the time
  CHECK(coarsest.window_steps == 6);
}

TEST_CASE("retargeted: no steps stay none, a window keeps one") {
  CHECK(at_step(with_steps(0, 20), 3).settle_steps == 0);
  CHECK(at_step(with_steps(0, 20), 0).settle_steps == 0);
  CHECK(at_step(with_steps(1, 1), 0).settle_steps == 1);
  CHECK(at_step(with_steps(1, 1), 0).window_steps == 1);
}

TEST_CASE("retargeted: steps beyond their range") {
  CHECK(at_step(with_steps(kMostSettleSteps / 2, kMostWindowSteps / 2), 3).settle_steps == kMostSettleSteps);
  CHECK(at_step(with_steps(kMostSettleSteps / 2, kMostWindowSteps / 2), 3).window_steps == kMostWindowSteps);
  check_fails([] { at_step(with_steps(kMostSettleSteps / 2 + 1, 20), 3); },
              "x: settle_steps: 500001 at step 2^-2 are 1000002 at 2^-3, at most 1000000 are possible");
  check_fails([] { at_step(with_steps(10, 129), 11); },
              "x: window_steps: 129 at step 2^-2 are 66048 at 2^-11, at most 65536 are possible");
}

TEST_CASE("retargeted: finer force tables are the same function") {
  const Machine m = machine_of_tiny();
  for (const int bits : {7, 10}) {
    CAPTURE(bits);
    const Machine finer = retargeted(m, tiny(), tiny({{"table_bits", bits}}), "x");
    REQUIRE(finer.layers[1].force.size() == (std::size_t{1} << bits) + 1);
    CHECK(largest_difference(m, finer) < 1e-12);
    CHECK(finer.layers[0].force.empty());
  }
}

TEST_CASE("retargeted: coarser force tables agree at their knots") {
  const Machine m = machine_of_tiny();
  for (const int bits : {5, 4}) {
    CAPTURE(bits);
    const Machine coarser = retargeted(m, tiny(), tiny({{"table_bits", bits}}), "x");
    const std::vector<double>& knots = coarser.layers[1].force;
    REQUIRE(knots.size() == (std::size_t{1} << bits) + 1);
    const std::size_t apart = std::size_t{1} << (6 - bits);
    int wrong = 0;
    for (std::size_t k = 0; k < knots.size(); ++k) wrong += knots[k] != m.layers[1].force[apart * k];
    CHECK(wrong == 0);
    CHECK(largest_difference(m, coarser) > 0.1);
  }
}

TEST_CASE("retargeted: no tables in hardware suit a machine without tables only") {
  const Configuration none = tiny({{"table_bits", 0}});
  check_fails([&] { retargeted(machine_of_tiny(), tiny(), none, "x"); },
              "x: table_bits 0: layers[1] (second) has a force table");
  CHECK(retargeted(linear_machine(), tiny(), none, "x").layers[1].force.empty());
}

TEST_CASE("retargeted: states must span what the tables do") {
  const Configuration narrower = tiny({{"state_width", 23}, {"operand_width", 15}, {"word_width", 15}});
  check_fails([&] { retargeted(machine_of_tiny(), tiny(), narrower, "x"); },
              "x: state 23 bits, 20 after the point: states of -8 to 8 are needed");
  const Configuration shorter = tiny({{"state_width", 22}, {"state_fraction", 18}});
  CHECK(retargeted(machine_of_tiny(), tiny(), shorter, "x").configuration_hash == shorter.hash_text());
}
