#include "study/measures/autocorrelation.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "random.hpp"

using doctest::Approx;
using Eigen::VectorXd;
using settle_test::Normal;

namespace {

// A stationary AR(1) series of unit variance about `mean`: rho at lag t is phi^t, its time (1 + phi) / (1 - phi).
VectorXd ar1(double phi, Eigen::Index size, double mean, Normal& normal) {
  VectorXd series(size);
  double x = normal();
  for (Eigen::Index i = 0; i < size; ++i) {
    series[i] = mean + x;
    x = phi * x + std::sqrt(1 - phi * phi) * normal();
  }
  return series;
}

}  // namespace

TEST_CASE("autocorrelation_steps of AR(1) series") {
  Normal normal(21);
  for (const double phi : {0.0, 0.5, 0.9}) {
    const Eigen::Index n = 200000;
    const double exact = (1 + phi) / (1 - phi);
    const settle::Autocorrelation found = settle::autocorrelation_steps(ar1(phi, n, 3.0, normal));
    // Madras and Sokal: relative standard error sqrt(2 (2 W + 1) / n). Four of them, on three series.
    const auto window = static_cast<double>(found.window);
    const double tolerance = 4 * std::sqrt(2 * (2 * window + 1) / static_cast<double>(n));
    CAPTURE(phi);
    CHECK(std::abs(found.steps / exact - 1) < tolerance);
    CHECK(window >= 5 * found.steps);
    CHECK(window < 5 * found.steps + 2);
    CHECK(found.valid);
  }
}

TEST_CASE("a series shorter than fifty of its times is not valid") {
  Normal normal(22);
  CHECK_FALSE(settle::autocorrelation_steps(ar1(0.9, 400, 0.0, normal)).valid);  // 21 times
  CHECK(settle::autocorrelation_steps(ar1(0.9, 4000, 0.0, normal)).valid);       // 210 times
  // A drift never forgets.
  CHECK_FALSE(settle::autocorrelation_steps(VectorXd::LinSpaced(10000, 0.0, 1.0)).valid);
}

TEST_CASE("autocorrelation_steps by hand") {
  // Deviations 1 -1 -1 1, power 4. Lag 1: -1 + 1 - 1 = -1, so 1 + 2 (-1 / 4) = 0.5 at window 1; the rule asks for
  // W >= 2.5. Lag 2: -1 - 1 = -2, -0.5 at window 2, and 2 >= -2.5 stops.
  VectorXd series(4);
  series << 6, 4, 4, 6;
  const settle::Autocorrelation found = settle::autocorrelation_steps(series);
  CHECK(found.steps == Approx(-0.5));
  CHECK(found.window == 2);
  CHECK_FALSE(found.valid);
}

TEST_CASE("mean_estimate of independent entries is the textbook one") {
  Normal normal(23);
  const VectorXd series = normal.vector(100000);
  const settle::MeanEstimate found = settle::mean_estimate(series);
  CHECK(found.mean == Approx(series.mean()));
  CHECK(found.standard_error == Approx(1.0 / std::sqrt(100000.0)).epsilon(0.05));
  CHECK(found.ess == Approx(100000.0).epsilon(0.05));
}

TEST_CASE("mean_estimate of a correlated series gives the error that the means really have") {
  Normal normal(24);
  const double phi = 0.8, time = (1 + phi) / (1 - phi);  // 9 steps
  const int runs = 200;
  const Eigen::Index n = 4000;
  double sum_of_scores = 0, sum_of_errors = 0;
  for (int run = 0; run < runs; ++run) {
    const settle::MeanEstimate found = settle::mean_estimate(ar1(phi, n, 3.0, normal));
    sum_of_scores += std::pow((found.mean - 3.0) / found.standard_error, 2);
    sum_of_errors += found.standard_error;
  }
  // Squared scores are chi-square, mean 1 and variance 2, widened by the 15 % scatter of the error itself.
  CHECK(std::abs(sum_of_scores / runs - 1) < 5 * std::sqrt(2.0 / runs));
  CHECK(sum_of_errors / runs == Approx(std::sqrt(time / static_cast<double>(n))).epsilon(0.05));
}

TEST_CASE("autocorrelation measures refuse bad arguments") {
  CHECK_THROWS_AS(settle::autocorrelation_steps(VectorXd()), settle::Error);
  CHECK_THROWS_AS(settle::autocorrelation_steps(VectorXd::Ones(1)), settle::Error);
  CHECK_THROWS_AS(settle::autocorrelation_steps(VectorXd::Ones(100)), settle::Error);
  VectorXd nan = VectorXd::LinSpaced(10, 0, 1);
  nan[3] = std::nan("");
  CHECK_THROWS_AS(settle::mean_estimate(nan), settle::Error);
  VectorXd swing(4);
  swing << 6, 4, 4, 6;
  CHECK_THROWS_AS(settle::mean_estimate(swing), settle::Error);
}
