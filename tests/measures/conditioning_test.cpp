#include "study/measures/conditioning.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "random.hpp"

using doctest::Approx;
using Eigen::MatrixXd;
using settle_test::Normal;

TEST_CASE("conditioning_deficit by hand") {
  MatrixXd oracle(2, 2), couplings(2, 3);
  oracle << 0, 10, 6, 18;               // deviations 3 and 4: mean square 12.5
  couplings << 100, 7, -2, 101, 7, -2;  // deviations 0.5, 0, 0: mean square 0.25 / 3
  CHECK(settle::conditioning_deficit(oracle, couplings) == Approx(std::sqrt(12.5 * 3 / 0.25)));
}

TEST_CASE("conditioning_deficit sees what differs between samples, not a field that all share") {
  Normal normal(11);
  const MatrixXd field = normal.matrix(50, 8);
  const MatrixXd shifted = field.rowwise() + 1000.0 * normal.vector(8).transpose();
  CHECK(settle::conditioning_deficit(shifted, field) == Approx(1.0));
  CHECK(settle::conditioning_deficit(2600.0 * field, shifted) == Approx(2600.0));
}

TEST_CASE("decoder_shift by hand") {
  MatrixXd with(2, 2), without(2, 2), target(2, 2);
  with << 1, 1, 0, 5;
  without << 1, 0, 3, 1;
  target << 3, 4, 0, 10;
  CHECK(settle::decoder_shift(with, without, target) == Approx((1.0 / 5 + 5.0 / 10) / 2));
  CHECK(settle::decoder_shift(with, with, target) == 0.0);
}

TEST_CASE("conditioning measures refuse bad arguments") {
  const MatrixXd eye = MatrixXd::Identity(2, 2), ones = MatrixXd::Ones(2, 2);
  CHECK_THROWS_AS(settle::conditioning_deficit(eye, ones), settle::Error);
  CHECK_THROWS_AS(settle::conditioning_deficit(eye, MatrixXd::Identity(3, 3)), settle::Error);
  CHECK_THROWS_AS(settle::conditioning_deficit(MatrixXd::Ones(1, 2), MatrixXd::Ones(1, 2)), settle::Error);
  CHECK_THROWS_AS(settle::decoder_shift(eye, ones, MatrixXd::Zero(2, 2)), settle::Error);
  CHECK_THROWS_AS(settle::decoder_shift(eye, MatrixXd::Ones(3, 2), ones), settle::Error);
}
