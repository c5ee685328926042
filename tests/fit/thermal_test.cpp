#include "fit/vectors/thermal.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "fit/response/random.hpp"
#include "fit/vectors/mean_conditioning.hpp"
#include "fit/vectors/scaling.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/linear.hpp"
#include "machine/small_machine.hpp"

using doctest::Approx;
using namespace settle;

namespace {

// Encoder 6 cells, decoder 8, interface from 5 values.
Machine machine() {
  Machine m = settle_test::linear_machine();
  m.kt = 1e-3;
  return m;
}

}  // namespace

TEST_CASE("the temperature for a ratio gives it") {
  const Machine m = machine();
  const Eigen::MatrixXd target = gaussian_matrix(100, 8, 1);
  const double kt = temperature_for_ratio(m, 0.1, target);
  CHECK(thermal_ratio(m, kt, target) == Approx(0.1).epsilon(0.005));
}

TEST_CASE("the noise that the window leaves is what a simulated array leaves") {
  Machine m = machine();
  m.window_steps = 40;
  const int runs = 400;
  const Eigen::MatrixXd step = step_matrix(force_matrix(m), m.step);
  const double kick = std::sqrt(2 * m.step * m.kt);
  Eigen::MatrixXd means = Eigen::MatrixXd::Zero(8, runs);
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(14, runs);
  for (unsigned t = 0; t < 240; ++t) {
    x = step * x + kick * gaussian_matrix(14, runs, 1000 + t);
    if (t >= 200) means += x.bottomRows(8) / 40;
  }
  const Eigen::MatrixXd drawn = with_window_noise(m, Eigen::MatrixXd::Zero(runs, 8), 5);
  // Each mean square has 8 * 400 numbers, correlated or not: 5 % is over two standard deviations for fixed seeds.
  CHECK(means.squaredNorm() == Approx(drawn.squaredNorm()).epsilon(0.08));
  const Eigen::MatrixXd exact = window_mean_covariance(force_matrix(m), m.step, m.kt, 40).bottomRightCorner(8, 8);
  CHECK(drawn.squaredNorm() / runs == Approx(exact.trace()).epsilon(0.08));
}

TEST_CASE("settling: the slowest mode has fallen to the share asked for") {
  const Machine m = machine();
  const int steps = settle_steps_for(m, 1e-3);
  CHECK(steps % 16 == 0);
  CHECK(std::pow(stability(m).radius, steps) <= 1e-3);
  CHECK(std::pow(stability(m).radius, steps - 16) > 1e-3);
}

TEST_CASE("the common scale holds states, fields and words and leaves coefficients alone") {
  Machine m = machine();
  const Eigen::MatrixXd encoder = 3 * gaussian_matrix(50, 6, 2), bottleneck = gaussian_matrix(50, 5, 3);
  const Eigen::MatrixXd before = force_matrix(m);
  const Peaks peaks = choose_scale(m, encoder, bottleneck, 7.0);
  CHECK(force_matrix(m) == before);
  const double largest = std::fmax(peaks.state, std::fmax(peaks.field, peaks.word));
  CHECK(largest <= 7 * m.layers[0].scale);
  CHECK(largest > 3.5 * m.layers[0].scale);
  CHECK(
      peaks.field >=
      fields(m, mean_conditioning(m, encoder.row(0), bottleneck.row(0)), InterfaceMode::normal).cwiseAbs().maxCoeff());
  m.layers[0].stiffness[0] = 9;
  m.step = 0.0625;
  CHECK_THROWS_AS(choose_scale(m, encoder, bottleneck, 7.0), Error);
}
