#include "study/measures/bias.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "random.hpp"
#include "rows2.hpp"
#include "study/measures/check.hpp"

using doctest::Approx;
using Eigen::MatrixXd;
using settle_test::check_fails;
using settle_test::Normal;
using settle_test::rows2;

namespace {

/// Three cells of different spread, coupled, none of mean zero.
MatrixXd series() {
  Normal normal(3);
  const MatrixXd mixing = normal.matrix(3, 3) * Eigen::Vector3d(1, 2, 0.25).asDiagonal();
  return (normal.matrix(200, 3) * mixing).rowwise() + Eigen::RowVector3d(5, -7, 100);
}

template <typename Measure>
void check_series_refused(const char* name, Measure measure) {
  const std::string start = std::string(name) + ": ";
  const MatrixXd good = rows2(1, 2, 4, 3);
  check_fails([&] { measure(good, MatrixXd::Identity(2, 3)); }, start + "fixed is 2 x 2 but exact is 2 x 3");
  check_fails([&] { measure(MatrixXd::Identity(3, 2), good); }, start + "fixed is 3 x 2 but exact is 2 x 2");
  check_fails([&] { measure(MatrixXd(0, 2), MatrixXd(0, 2)); }, start + "fixed is empty");
  check_fails([&] { measure(MatrixXd::Ones(1, 2), MatrixXd::Identity(1, 2)); }, start + "exact has 1 samples");
  check_fails([&] { measure(good, MatrixXd::Constant(2, 2, 3)); }, start + "nothing fluctuates");
  check_fails([&] { measure(good, rows2(1, std::numeric_limits<double>::infinity(), 2, 3)); }, start + "exact has an");
  CHECK_THROWS_AS(measure(good, MatrixXd::Constant(2, 2, 3)), settle::MeasureError);
}

}  // namespace

TEST_CASE("mean_bias by hand") {
  const MatrixXd exact = rows2(0, 2, 3, 2), fixed = rows2(1, 2, 3, 4);  // squares of the differences: 5/4
  CHECK(settle::mean_bias(fixed, exact, rows2(2, 4, 6, 8)) == Approx(std::sqrt(1.25 / 5)));
  CHECK(settle::mean_bias(exact, fixed, rows2(2, 4, 6, 8)) == Approx(0.5));
  CHECK(settle::mean_bias(3 * fixed, 3 * exact, 9 * rows2(2, 4, 6, 8)) == Approx(0.5));
  CHECK(settle::mean_bias(fixed.topRows(1), exact.topRows(1), rows2(2, 0, 0, 0).topRows(1)) == Approx(std::sqrt(0.5)));
  CHECK(settle::mean_bias(exact, exact, rows2(2, 0, 0, 0)) == 0.0);
}

TEST_CASE("variance_bias by hand: the cells' variances are added before they are divided") {
  const MatrixXd exact = rows2(0, 0, 2, 4), fixed = rows2(1, 1, 5, 7);  // variances 1 and 4; 4 and 9
  CHECK(settle::variance_bias(fixed, exact) == Approx(13.0 / 5 - 1));
  CHECK(settle::variance_bias(exact, fixed) == Approx(5.0 / 13 - 1));
  CHECK(settle::variance_bias(rows2(2, 2, 2, 2), exact) == Approx(-1.0));
}

TEST_CASE("covariance_bias by hand") {
  const MatrixXd exact = rows2(0, 0, 2, 4), fixed = rows2(1, 1, 5, 7);  // covariances 1, 2, 4; 4, 6, 9
  CHECK(settle::covariance_bias(fixed, exact) == Approx(std::sqrt(9.0 + 2 * 16 + 25) / 5));
  CHECK(settle::covariance_bias(rows2(2, 2, 2, 2), exact) == Approx(1.0));
}

TEST_CASE("a series that is only moved has no bias of the second moments") {
  const MatrixXd exact = series(), moved = exact.rowwise() + Eigen::RowVector3d(1, 2, 3);
  CHECK(settle::variance_bias(moved, exact) == Approx(0.0).epsilon(1e-12));
  CHECK(settle::covariance_bias(moved, exact) < 1e-12);
}

TEST_CASE("a series that is only scaled by s: s^2 - 1 and its size") {
  const MatrixXd exact = series();
  for (const double s : {0.5, 1.0, 1.5}) {
    CAPTURE(s);
    CHECK(std::fabs(settle::variance_bias(s * exact, exact) - (s * s - 1)) < 1e-12);
    CHECK(std::fabs(settle::covariance_bias(s * exact, exact) - std::fabs(s * s - 1)) < 1e-12);
  }
}

TEST_CASE("a rotated series has as much variance and another covariance") {
  const MatrixXd exact = series();
  MatrixXd rotation = MatrixXd::Identity(3, 3);
  rotation.topLeftCorner(2, 2) << 0.6, -0.8, 0.8, 0.6;
  CHECK(std::fabs(settle::variance_bias(exact * rotation, exact)) < 1e-12);
  CHECK(settle::covariance_bias(exact * rotation, exact) > 0.1);
}

TEST_CASE("the biases refuse bad arguments") {
  check_series_refused("variance_bias", &settle::variance_bias);
  check_series_refused("covariance_bias", &settle::covariance_bias);
  const MatrixXd ones = MatrixXd::Ones(2, 2), wide = MatrixXd::Ones(2, 3);
  check_fails([&] { settle::mean_bias(ones, wide, ones); }, "mean_bias: fixed is 2 x 2 but exact is 2 x 3");
  check_fails([&] { settle::mean_bias(ones, ones, wide); }, "mean_bias: exact is 2 x 2 but variance is 2 x 3");
  check_fails([&] { settle::mean_bias(MatrixXd(), MatrixXd(), MatrixXd()); }, "mean_bias: fixed is empty");
  check_fails([&] { settle::mean_bias(ones, ones, 0 * ones); }, "mean_bias: nothing fluctuates");
  CHECK_THROWS_AS(settle::mean_bias(ones, ones, -ones), settle::MeasureError);
}
