#include "study/measures/similarity.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "random.hpp"
#include "rows2.hpp"

using doctest::Approx;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle_test::Normal;
using settle_test::rows2;

TEST_CASE("cosine is the mean over samples, whatever the lengths") {
  const MatrixXd readout = rows2(3, 4, 1, 0);
  const MatrixXd target = rows2(4, 3, 5, 5);
  CHECK(settle::cosine(readout, target) == Approx((24.0 / 25.0 + std::sqrt(0.5)) / 2));
  CHECK(settle::cosine(1000 * readout, 1e-3 * target) == Approx(settle::cosine(readout, target)));
  CHECK(settle::cosine(target, target) == Approx(1.0));
  CHECK(settle::cosine(-target, target) == Approx(-1.0));
}

TEST_CASE("an answer of zero scores zero") {
  CHECK(settle::cosine(rows2(0, 0, 2, 0), rows2(1, 1, 3, 0)) == Approx(0.5));
}

TEST_CASE("cosine_centred removes the fit set's mean from both") {
  VectorXd mean(2);
  mean << 10, 20;
  const MatrixXd readout = rows2(13, 24, 11, 20);
  const MatrixXd target = rows2(14, 23, 15, 25);
  CHECK(settle::cosine_centred(readout, target, mean) == Approx((24.0 / 25.0 + std::sqrt(0.5)) / 2));
}

TEST_CASE("a constant passes cosine and fails cosine_centred and r2") {
  Normal normal(1);
  const VectorXd mean = VectorXd::Constant(16, 5.0);
  const MatrixXd target = normal.matrix(200, 16).rowwise() + mean.transpose();
  const MatrixXd constant = mean.transpose().replicate(200, 1);
  CHECK(settle::cosine(constant, target) > 0.95);
  CHECK(settle::baseline_mean(target, mean) == settle::cosine(constant, target));
  CHECK(settle::cosine_centred(constant, target, mean) == 0.0);
  CHECK(settle::r2(constant, target, mean) == 0.0);
  CHECK(settle::r2(target, target, mean) == 1.0);
}

TEST_CASE("baseline_mean by hand") {
  VectorXd mean(2);
  mean << 1, 0;
  CHECK(settle::baseline_mean(rows2(3, 4, 0, 2), mean) == Approx((0.6 + 0.0) / 2));
}

TEST_CASE("r2 by hand") {
  VectorXd mean(2);
  mean << 1, 1;
  // Squared errors 1 + 4, squared spread about the mean 1 + 9 + 1 + 9.
  CHECK(settle::r2(rows2(3, 4, 0, 0), rows2(2, 4, 0, -2), mean) == Approx(1.0 - 5.0 / 20.0));
}

TEST_CASE("cosine_paper takes one mean and one spread over the whole array") {
  // Readout 1 2 3 6 has mean 3, target 0 4 4 8 mean 4: rows (-2 -1) (0 3) against (-4 0) (0 4).
  CHECK(settle::cosine_paper(rows2(1, 2, 3, 6), rows2(0, 4, 4, 8)) == Approx((2.0 / std::sqrt(5.0) + 1.0) / 2));
  // Scale and offset of the whole array make no difference.
  CHECK(settle::cosine_paper(rows2(7, 9, 11, 17), rows2(0, 4, 4, 8)) == Approx((2.0 / std::sqrt(5.0) + 1.0) / 2));
}

TEST_CASE("cosine_paper lets a constant pattern pass") {
  Normal normal(2);
  const VectorXd pattern = 5 * normal.vector(64);
  const MatrixXd target = normal.matrix(100, 64).rowwise() + pattern.transpose();
  CHECK(settle::cosine_paper(pattern.transpose().replicate(100, 1), target) > 0.95);
}

TEST_CASE("similarity refuses bad arguments in one line") {
  const MatrixXd good = rows2(1, 2, 3, 4);
  const VectorXd mean = VectorXd::Zero(2);
  MatrixXd nan = good, infinite = good;
  nan(1, 0) = std::nan("");
  infinite(0, 1) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(settle::cosine(MatrixXd::Zero(2, 3), good),
                       "cosine: readout is 2 x 3 but target is 2 x 2; the same shape is needed", settle::Error);
  CHECK_THROWS_WITH_AS(settle::cosine(MatrixXd(0, 2), MatrixXd(0, 2)), "cosine: readout is empty", settle::Error);
  CHECK_THROWS_WITH_AS(settle::cosine(nan, good), "cosine: readout has an entry that is not finite", settle::Error);
  CHECK_THROWS_WITH_AS(settle::r2(good, infinite, mean), "r2: target has an entry that is not finite", settle::Error);
  CHECK_THROWS_AS(settle::cosine_centred(good, good, VectorXd::Zero(3)), settle::Error);
  CHECK_THROWS_AS(settle::cosine_centred(good, good, VectorXd()), settle::Error);
  CHECK_THROWS_AS(settle::baseline_mean(good, VectorXd::Zero(1)), settle::Error);
  CHECK_THROWS_AS(settle::r2(good, MatrixXd::Zero(2, 2), mean), settle::Error);
  CHECK_THROWS_AS(settle::cosine_paper(MatrixXd::Constant(2, 2, 0.1), good), settle::Error);
}
