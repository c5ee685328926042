#include "study/measures/thermal.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"

using doctest::Approx;
using Eigen::MatrixXd;

TEST_CASE("window_variance from the sums") {
  MatrixXd sum(1, 2), squares(1, 2);
  sum << 1 + 2 + 6, 3 * 0.1;  // cell 0 was at 1, 2, 6; cell 1 stood at 0.1
  squares << 1 + 4 + 36, 3 * 0.01;
  const MatrixXd variance = settle::window_variance(sum, squares, 3);
  CHECK(variance(0, 0) == Approx(41.0 / 3 - 9));
  CHECK(variance(0, 1) >= 0.0);
  CHECK(variance(0, 1) < 1e-15);
}

TEST_CASE("thermal_ratio by hand: RMS over cells on both sides") {
  MatrixXd thermal(2, 2), target(3, 2);
  thermal << 0.01, 0.03, 0.02, 0.06;  // mean 0.03
  target << 1, 0, 2, 4, 3, 8;         // variances 1 and 16 with n - 1, mean 8.5
  CHECK(settle::thermal_ratio(thermal, target) == Approx(std::sqrt(0.03 / 8.5)));
  CHECK(settle::thermal_ratio(thermal.colwise().mean(), target) == Approx(std::sqrt(0.03 / 8.5)));
  CHECK(settle::thermal_ratio(MatrixXd::Zero(1, 2), target) == 0.0);
}

TEST_CASE("thermal measures refuse bad arguments") {
  const MatrixXd ones = MatrixXd::Ones(2, 2);
  CHECK_THROWS_AS(settle::window_variance(ones, ones, 0), settle::Error);
  CHECK_THROWS_AS(settle::window_variance(ones, MatrixXd::Ones(2, 3), 1), settle::Error);
  CHECK_THROWS_AS(settle::thermal_ratio(ones, ones), settle::Error);                    // no target varies
  CHECK_THROWS_AS(settle::thermal_ratio(ones, MatrixXd::Random(1, 2)), settle::Error);  // one sample
  CHECK_THROWS_AS(settle::thermal_ratio(MatrixXd::Ones(2, 3), MatrixXd::Identity(2, 2)), settle::Error);
  CHECK_THROWS_AS(settle::thermal_ratio(-ones, MatrixXd::Identity(2, 2)), settle::Error);
}
