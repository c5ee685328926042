#include "study/measures/split_r_hat.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "random.hpp"

using doctest::Approx;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle_test::Normal;

namespace {

VectorXd chain(std::initializer_list<double> values) {
  VectorXd result(static_cast<Eigen::Index>(values.size()));
  Eigen::Index i = 0;
  for (const double value : values) result[i++] = value;
  return result;
}

// A stationary AR(1) chain of unit variance and mean 0.
VectorXd ar1(double phi, Eigen::Index size, Normal& normal) {
  VectorXd series(size);
  double x = normal();
  for (Eigen::Index i = 0; i < size; ++i) {
    series[i] = x;
    x = phi * x + std::sqrt(1 - phi * phi) * normal();
  }
  return series;
}

// Variance of the mean of n draws of ar1(phi): sum over all pairs of phi^|i - j|, over n^2.
double variance_of_mean(double phi, double n) {
  return ((1 + phi) / (1 - phi) - 2 * phi * (1 - std::pow(phi, n)) / (n * (1 - phi) * (1 - phi))) / n;
}

}  // namespace

TEST_CASE("split_r_hat by hand") {
  // Halves (0, 2) and (4, 6): variances 2 and 2, means 1 and 5 of variance 8. 1/2 + 8/2.
  CHECK(settle::split_r_hat(chain({0, 2, 4, 6})) == Approx(std::sqrt(4.5)).epsilon(1e-14));
  // The middle draw of an odd number does not count.
  CHECK(settle::split_r_hat(chain({0, 2, 1e6, 4, 6})) == Approx(std::sqrt(4.5)).epsilon(1e-14));
  // Halves (1, 2, 3), (3, 2, 1), (2, 4, 6), (6, 4, 2): variances 1, 1, 4, 4, mean 5/2; means 2, 2, 4, 4 of variance
  // 4/3.
  MatrixXd two(6, 2);
  two.col(0) = chain({1, 2, 3, 3, 2, 1});
  two.col(1) = chain({2, 4, 6, 6, 4, 2});
  CHECK(settle::split_r_hat(two) == Approx(std::sqrt(2.0 / 3 + 4.0 / 3 / 2.5)).epsilon(1e-14));
}

TEST_CASE("halves of equal means give the lower bound, a drift the square root of 7") {
  CHECK(settle::split_r_hat(chain({1, 2, 3, 3, 2, 1})) == Approx(std::sqrt(2.0 / 3)).epsilon(1e-14));
  // 0, 1 .. 2 h - 1: the halves' variance is h (h + 1) / 12, their means are h apart. (h - 1) / h + 6 h / (h + 1).
  for (const double h : {2.0, 10.0, 1000.0}) {
    const VectorXd drift = VectorXd::LinSpaced(static_cast<Eigen::Index>(2 * h), 0, 2 * h - 1);
    CHECK(settle::split_r_hat(drift) == Approx(std::sqrt((h - 1) / h + 6 * h / (h + 1))).epsilon(1e-12));
  }
}

TEST_CASE("split_r_hat has no unit, no origin and no order of chains") {
  Normal normal(31);
  MatrixXd chains = normal.matrix(100, 3);
  chains.col(1).array() += 0.7;
  const double found = settle::split_r_hat(chains);
  CHECK(settle::split_r_hat((-8 * chains.array() + 5).matrix()) == Approx(found).epsilon(1e-12));
  CHECK(settle::split_r_hat(chains.rowwise().reverse()) == Approx(found).epsilon(1e-12));
  CHECK(settle::split_r_hat(chains.colwise().reverse()) == Approx(found).epsilon(1e-12));
}

TEST_CASE("split_r_hat of converged chains exceeds 1 by what their autocorrelation says") {
  // B / n has the mean v, the variance of a half's mean, W the mean 1 - v; so R-hat^2 - (n - 1) / n is v / (1 - v) on
  // average, with a relative deviation of sqrt(2 / (halves - 1)), as the variance of 4 normal means has; W's own, at
  // most 7 %, adds less than 1 % to either. Over 1,000 repeats that is 2.6 %; the bound is 4.5 of it, 12 %. Means over
  // the number of halves, not over one less, would be 25 % off, chains that are not split 50 %.
  Normal normal(32);
  const Eigen::Index draws = 1000;
  const double n = 500, repeats = 1000;
  for (const double phi : {0.0, 0.8}) {
    const double v = variance_of_mean(phi, n);
    double sum = 0;
    for (int i = 0; i < repeats; ++i) {
      MatrixXd chains(draws, 2);
      chains << ar1(phi, draws, normal), ar1(phi, draws, normal);
      sum += std::pow(settle::split_r_hat(chains), 2) - (n - 1) / n;
    }
    CAPTURE(phi);
    CHECK(std::abs(sum / repeats / (v / (1 - v)) - 1) < 4.5 * std::sqrt(2.0 / 3 / repeats));
  }
}

TEST_CASE("split_r_hat sees a chain that sits elsewhere, and a chain that has not settled") {
  Normal normal(33);
  const Eigen::Index draws = 1000;
  // One of four chains d deviations away: the means of 8 halves have variance d^2 (2/8) (6/8) (8/7) = 3 d^2 / 14.
  MatrixXd chains(draws, 4);
  for (Eigen::Index c = 0; c < 4; ++c) chains.col(c) = ar1(0.8, draws, normal);
  CHECK(settle::split_r_hat(chains) < 1.05);  // 1.008 on average
  chains.col(2).array() += 2;
  CHECK(settle::split_r_hat(chains) == Approx(std::sqrt(1 + 3 * 4.0 / 14)).epsilon(0.1));
  // One chain from 20 deviations away that relaxes in 200 steps, and what is left of it after 8 such times.
  VectorXd relaxing = ar1(0.8, 3600, normal);
  for (Eigen::Index i = 0; i < relaxing.size(); ++i) relaxing[i] += 20 * std::exp(-static_cast<double>(i) / 200);
  CHECK(settle::split_r_hat(relaxing.head(2000)) > 1.2);
  CHECK(settle::split_r_hat(relaxing.tail(2000)) < 1.05);
}

TEST_CASE("split_r_hat refuses bad arguments") {
  CHECK_THROWS_WITH_AS(settle::split_r_hat(chain({1, 2, 3})),
                       "split_r_hat: the chains have 3 draws, at least 4 are needed", settle::Error);
  CHECK_THROWS_AS(settle::split_r_hat(MatrixXd()), settle::Error);
  CHECK_THROWS_AS(settle::split_r_hat(MatrixXd(4, 0)), settle::Error);
  CHECK_THROWS_AS(settle::split_r_hat(chain({1, 2, std::nan(""), 3})), settle::Error);
  const char* still = "split_r_hat: no half of a chain varies";
  CHECK_THROWS_WITH_AS(settle::split_r_hat(VectorXd::Constant(100, 0.1)), still, settle::Error);
  CHECK_THROWS_WITH_AS(settle::split_r_hat(chain({1, 1, 2, 2})), still, settle::Error);  // each half stands still
}
