#include "report/curve.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"

using Eigen::Vector2d;
using Eigen::VectorXd;

TEST_CASE("the settling curve as CSV") {
  CHECK(settle::curve_csv({Vector2d(2.0, 1.0 / 3.0), Vector2d(2.0, 0.25), 4}) ==
        "step,distance,predicted\n0,2,2\n4,0.333333333,0.25\n");
  CHECK(settle::curve_csv({Vector2d(2.0, 1e-7), VectorXd(), 1}) == "step,distance,predicted\n0,2,\n1,1e-07,\n");
}

TEST_CASE("a bad curve is refused") {
  CHECK_THROWS_AS(settle::curve_csv({VectorXd(), VectorXd(), 1}), settle::Error);
  CHECK_THROWS_AS(settle::curve_csv({Vector2d(1, 2), VectorXd::Ones(3), 1}), settle::Error);
  CHECK_THROWS_AS(settle::curve_csv({Vector2d(1, std::nan("")), VectorXd(), 1}), settle::Error);
  CHECK_THROWS_AS(settle::curve_csv({Vector2d(1, 2), VectorXd(), 0}), settle::Error);
}
