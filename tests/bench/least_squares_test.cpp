// The scaling study's fits against numbers whose law is known.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "programs/bench/scaling/least_squares.hpp"

using namespace settle;

namespace {

const std::vector<double> kSizes{16, 32, 64, 128, 256, 512};

/// constant + factor x^exponent, every other one larger by `part`, the others smaller.
std::vector<double> law(double constant, double factor, double exponent, double part = 0) {
  std::vector<double> y;
  y.reserve(kSizes.size());
  for (const double x : kSizes) {
    y.push_back((constant + factor * std::pow(x, exponent)) * (y.size() % 2 == 0 ? 1 + part : 1 - part));
  }
  return y;
}

}  // namespace

TEST_CASE("the exponent of what grows is found beside a constant, where the log-log slope is not") {
  for (const double exponent : {0.5, 1.0, 1.7, 2.0}) {
    const std::vector<double> y = law(30, 2, exponent);
    const PowerFit fit = power_fit(kSizes, y);
    CHECK(fit.exponent.value == doctest::Approx(exponent).epsilon(1e-6));
    CHECK(fit.constant.value == doctest::Approx(30).epsilon(1e-4));
    CHECK(fit.factor.value == doctest::Approx(2).epsilon(1e-4));
    CHECK(fit.residual < 1e-6);
    CHECK(log_slope(kSizes, y).value < exponent - 0.01);
  }
}

TEST_CASE("without a constant the slope is the exponent, and no constant is made up") {
  const std::vector<double> y = law(0, 3, 1.25);
  CHECK(log_slope(kSizes, y).value == doctest::Approx(1.25));
  CHECK(log_slope(kSizes, y).error < 1e-12);
  CHECK(power_fit(kSizes, law(-3, 3, 1)).constant.value == 0);
}

TEST_CASE("scatter makes errors that hold the truth") {
  const std::vector<double> y = law(30, 2, 1, 0.02);
  const PowerFit fit = power_fit(kSizes, y);
  CHECK(fit.exponent.error > 0.001);
  CHECK(fit.exponent.error < 0.2);
  CHECK(std::abs(fit.exponent.value - 1) < 4 * fit.exponent.error);
  CHECK(fit.residual == doctest::Approx(0.02).epsilon(0.3));
}

TEST_CASE("a straight line's errors are those of the formula") {
  // All y near 1, so relative residuals are plain ones: variance of the slope is s^2 / sum (x - mean)^2.
  const std::vector<double> x{-2, -1, 0, 1, 2};
  const double d = 1e-4;
  const std::vector<double> y{1 + d, 1 - 2 * d, 1 + 2 * d, 1 - 2 * d, 1 + d};
  const LinearFit fit = linear_fit({std::vector<double>(5, 1.0), x}, y);
  CHECK(fit.coefficients[0].value == doctest::Approx(1).epsilon(1e-6));
  CHECK(std::abs(fit.coefficients[1].value) < 1e-7);
  CHECK(fit.coefficients[1].error == doctest::Approx(std::sqrt(14 * d * d / 3 / 10)).epsilon(1e-3));
}

TEST_CASE("too few points are refused") {
  settle_test::check_fails([] { power_fit({1, 2, 3}, {1, 2, 3}); }, "a fit of 3 points, at least 4 are needed");
  settle_test::check_fails([] { linear_fit({{1, 1}, {1, 2}}, {1, 2}); }, "a fit of 2 points, at least 3 are needed");
}
