#include "machine/check.hpp"

#include <cmath>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/linear_algebra/lanczos.hpp"
#include "error_message.hpp"
#include "machine/linear.hpp"
#include "machine/small_machine.hpp"

using doctest::Approx;
using namespace settle;
using settle_test::linear_machine;
using settle_test::mentions;

namespace {

std::string refusal(const Machine& machine) {
  try {
    check_machine(machine, "m.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

// One cell each, coupled by one reciprocal word: M = [[a, j], [j, b]].
Machine two_cells(double a, double b, double j) {
  Machine m;
  m.layers = {settle_test::layer("x", 1, a), settle_test::layer("y", 1, b)};
  m.buses = {{"bus", 0, 1, true, Eigen::MatrixXd::Constant(1, 1, j), Eigen::MatrixXd::Constant(1, 1, 1.0)}};
  m.decoder = 1;
  return m;
}

}  // namespace

TEST_CASE("a sound machine passes with its figures") {
  const Stability found = check_machine(two_cells(2, 2, 1));
  CHECK(found.reciprocal);
  CHECK(found.lambda_min == Approx(1.0));
  CHECK(found.lambda_max == Approx(3.0));
  CHECK(found.radius == Approx(0.75));
  CHECK(found.step_bound == Approx(2.0 / 3.0));
  CHECK(found.relaxation_steps == Approx(-1.0 / std::log(0.75)));
  CHECK(refusal(settle_test::small_machine()) == "accepted");
  CHECK(refusal(linear_machine()) == "accepted");
}

TEST_CASE("an M that is not positive definite is refused with its least eigenvalue and the bound") {
  const std::string text = refusal(two_cells(2, 2, 2.5));
  CHECK(mentions(text, "m.json: M is not positive definite: its least eigenvalue is -0.5, above 0 is needed"));
  CHECK(mentions(refusal(two_cells(2, 2, 2)), "not positive definite"));
}

TEST_CASE("an unstable step is refused with max|1 - e lambda|, the bound and the largest step") {
  Machine m = two_cells(7, 7, 3);  // lambda 4 and 10
  const std::string text = refusal(m);
  CHECK(mentions(text,
                 "m.json: the step is not stable: max|1 - e lambda| is 1.5 at e = 0.25, below 1 is needed (e < 0.2)"));
  m.step = 0.125;
  CHECK(refusal(m) == "accepted");
}

TEST_CASE("a one-way machine is judged by its eigenvalues' moduli") {
  Machine m = two_cells(2, 2, 2.5);
  m.buses[0].reciprocal = false;  // triangular: eigenvalues 2 and 2
  CHECK(refusal(m) == "accepted");
  CHECK_FALSE(stability(m).reciprocal);
  // Two one-way buses against each other: M = [[1, -4], [4, 1]], eigenvalues 1 +- 4i, e < 2 * 1 / 17.
  Machine pair = two_cells(1, 1, 4);
  pair.buses[0].reciprocal = false;
  pair.buses.push_back(
      {"back", 1, 0, false, Eigen::MatrixXd::Constant(1, 1, -4.0), Eigen::MatrixXd::Constant(1, 1, 1.0)});
  CHECK(mentions(refusal(pair), "below 1 is needed (e < 0.117647)"));
  pair.layers[0].stiffness[0] = pair.layers[1].stiffness[0] = -1;
  CHECK(mentions(refusal(pair), "no step would do"));
}

TEST_CASE("force tables count with their end and steepest slopes") {
  Machine m = two_cells(-0.5, 1, 0);
  CHECK(mentions(refusal(m), "not positive definite"));
  // A double well: the table pulls back at the ends (slope 1 over 8 scale = 1).
  m.layers[0].force = {-0.5, 0.0, 0.0, 0.0, 0.5};
  CHECK(stability(m).lambda_min == Approx(0.5));
  CHECK(refusal(m) == "accepted");
  m.layers[0].force = {-10.0, 0.0, 0.0, 0.0, 10.0};  // slope 20
  CHECK(mentions(refusal(m), "the step is not stable"));
}

TEST_CASE("clamped cells do not count") {
  Machine m = two_cells(2, 2, 2.5);
  m.layers[0].clamp = {1};
  CHECK(refusal(m) == "accepted");
  m.layers[1].clamp = {1};
  CHECK(refusal(m) == "accepted");
}

namespace {

/// Two layers of `side` x `side` sites of two cells, joined by a bus with 3 x 3 taps.
Machine grids(int side, bool reciprocal) {
  Machine m;
  m.layers = {settle_test::layer("x", 2, 1.0), settle_test::layer("y", 2, 2.0)};
  for (Layer& layer : m.layers) layer.height = layer.width = side;
  m.buses = {{"bus",
              0,
              1,
              reciprocal,
              settle_test::random_matrix(2, 2, 0.3, 1),
              settle_test::random_matrix(2, 18, 0.3, 2),
              {-1, -1, 3, 3}}};
  m.decoder = 1;
  return m;
}

}  // namespace

TEST_CASE("a cycle of one-way buses is allowed and named") {
  Machine m = two_cells(2, 2, 0.5);
  CHECK(stability(m).one_way_cycles.empty());
  m.buses[0].reciprocal = false;
  CHECK(stability(m).one_way_cycles.empty());
  Bus back = m.buses[0];
  back.name = "back";
  std::swap(back.source, back.target);
  std::swap(back.source_matrix, back.target_matrix);
  m.buses.push_back(back);
  const Stability found = check_machine(m);
  REQUIRE(found.one_way_cycles.size() == 1);
  CHECK(found.one_way_cycles[0] == "x, y");
}

TEST_CASE("one-way grids of any size have the eigenvalues of their own sites") {
  Machine m = grids(28, false);  // 3,136 cells
  const Stability found = check_machine(m);
  CHECK_FALSE(found.reciprocal);
  CHECK(found.lambda_min == Approx(1.0));
  CHECK(found.lambda_max == Approx(2.0));
  m.layers[1].clamp.assign(2 * 28 * 28, 1);
  CHECK(stability(m).lambda_max == Approx(1.0));
}

TEST_CASE("a cycle of one-way buses through many cells is judged by power iteration") {
  // Buses of one tap join no sites, so that the eigenvalues are those of a single pair of sites.
  const auto cycle = [](int side, double strength) {
    Machine m = grids(side, false);
    m.buses[0].tap_range = {};
    m.buses[0].target_matrix = strength * m.buses[0].target_matrix.leftCols(2).eval();
    Bus back = m.buses[0];
    back.name = "back";
    std::swap(back.source, back.target);
    back.source_matrix = settle_test::random_matrix(2, 2, 0.8, 3);
    m.buses.push_back(back);
    return m;
  };
  const Stability exact = stability(cycle(1, 3)), found = stability(cycle(24, 3));  // 4 and 2,304 cells
  CHECK(found.radius == Approx(exact.radius).epsilon(0.01));
  CHECK(found.lambda_max == Approx(exact.lambda_max).epsilon(0.01));
  CHECK(found.lambda_min <= exact.lambda_min + 0.01);
  REQUIRE(found.one_way_cycles.size() == 1);
  CHECK(found.one_way_cycles[0] == "x, y");
  CHECK(refusal(cycle(24, 3)) == "accepted");
  CHECK(stability(cycle(1, 60)).radius > 1);
  CHECK(mentions(refusal(cycle(24, 60)), "m.json: the step is not stable"));
}

TEST_CASE("reciprocal grids: large ones as small ones") {
  // The same couplings on more sites: the spectrum widens towards that of an endless grid.
  const Stability small = stability(grids(14, true)), large = stability(grids(24, true));  // 784 and 2,304 cells
  CHECK(large.lambda_min <= small.lambda_min + 1e-6);
  CHECK(large.lambda_max >= small.lambda_max - 1e-6);
  CHECK(large.lambda_min == Approx(small.lambda_min).epsilon(0.02));
  CHECK(large.lambda_max == Approx(small.lambda_max).epsilon(0.02));
  const Machine m = grids(14, true);
  const ExtremeEigenvalues found =
      extreme_eigenvalues([&](const Eigen::VectorXd& x) { return LinearForce(m)(x); }, 784);
  CHECK(found.least == Approx(small.lambda_min).epsilon(1e-4));
  CHECK(found.greatest == Approx(small.lambda_max).epsilon(1e-4));
}
