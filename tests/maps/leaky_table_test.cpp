#include "fit/maps/leaky_table.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "machine/force_table.hpp"

using doctest::Approx;
using namespace settle;

namespace {

constexpr double kRange = 32;

// Two slopes with their kink in the knot at 0, no correction.
std::vector<double> two_slopes(double slope) {
  std::vector<double> knots;
  for (int n = 0; n <= 64; ++n) {
    const double x = kRange * (n / 32.0 - 1);
    knots.push_back(x < 0 ? std::max((1 / slope - 1) * x, -0.875 * kRange) : 0);
  }
  return knots;
}

LeakyCell cell(double slope, double step) {
  LeakyCell c;
  c.slope = slope;
  c.step = step;
  c.kt = 0.0025;
  return c;
}

}  // namespace

TEST_CASE("a linear cell answers with the field, whatever its noise") {
  LeakyCell c = cell(1, 0.0625);
  c.field_noise = 0.03;
  for (const double u : {-0.7, -0.01, 0.0, 0.2, 3.0}) CHECK(mean_answer(c, {}, kRange, u) == Approx(u).epsilon(1e-6));
}

TEST_CASE("at a small step the mean at the kink is Boltzmann's") {
  // exp(-V / kT) with stiffness a on the right and b on the left of 0: the mean follows from two half Gaussians,
  // kT (1/a - 1/b) / (sqrt(pi kT / 2) (a^-1/2 + b^-1/2)).
  const double kt = 0.0025, b = 8;
  const double exact = kt * (1 - 1 / b) / (std::sqrt(M_PI * kt / 2) * (1 + 1 / std::sqrt(b)));
  const double found = mean_answer(cell(0.125, 1.0 / 64), two_slopes(0.125), kRange, 0);
  CHECK(found == Approx(exact).epsilon(0.02));  // what is left is the step's own effect
}

TEST_CASE("the mean answer is that of the simulated chain") {
  const LeakyCell c = cell(0.125, 0.0625);
  const std::vector<double> knots = leaky_table(c, kRange, 64);
  const ForceTable g("leaky", knots, kRange);
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  for (const double u : {-0.1, 0.0, 0.05}) {
    double x = 0, sum = 0;
    constexpr int kSteps = 2000000;
    for (int n = -1000; n < kSteps; ++n) {
      x += c.step * (u - x - g(x)) + std::sqrt(2 * c.step * c.kt) * normal(engine);
      if (n >= 0) sum += x;
    }
    // At most 16 steps of relaxation, std 0.05: the error of the mean is below 0.05 sqrt(32 / 2e6) = 2e-4; three fields
    // at once, 4 errors each.
    CHECK(std::abs(sum / kSteps - mean_answer(c, knots, kRange, u)) < 8e-4);
  }
}

// `make soak`
TEST_CASE("the knot at 0 makes the largest error at least 30 % smaller" * doctest::test_suite("soak") *
          doctest::skip()) {
  LeakyCell c = cell(0.125, 0.0625);
  for (const double noise : {0.0, 0.04}) {
    c.field_noise = noise;
    const double before = answer_error(c, two_slopes(0.125), kRange);
    const double after = answer_error(c, leaky_table(c, kRange, 64), kRange);
    CHECK(after < 0.7 * before);
    CHECK(after < 0.03);
  }
}

TEST_CASE("bad cells are refused") {
  CHECK_THROWS_AS(leaky_table(cell(0.1, 0.0625), kRange, 64), Error);
  CHECK_THROWS_AS(leaky_table(cell(0.5, 0.0625), kRange, 63), Error);
  LeakyCell cold = cell(0.5, 0.0625);
  cold.kt = 0;
  CHECK_THROWS_AS(mean_answer(cold, {}, kRange, 0), Error);
}
