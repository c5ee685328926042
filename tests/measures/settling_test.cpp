#include "study/measures/settling.hpp"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "random.hpp"

using doctest::Approx;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle_test::Normal;

namespace {

VectorXd series(std::initializer_list<double> values) {
  VectorXd result(static_cast<Eigen::Index>(values.size()));
  Eigen::Index i = 0;
  for (const double value : values) result[i++] = value;
  return result;
}

MatrixXd step_map(const VectorXd& lambda, double e) { return (1.0 - e * lambda.array()).matrix().asDiagonal(); }

}  // namespace

TEST_CASE("settling_steps is where the distance comes to stay") {
  CHECK(settle::settling_steps(series({2, 0.5, 0.01, 0.021, 0.02, 0.001})) == 4);  // dips below, leaves, returns
  CHECK(settle::settling_steps(series({1, 0.01})) == 1);
  CHECK(settle::settling_steps(series({1, 0, 0, 0})) == 1);
}

TEST_CASE("a run that does not settle says so") {
  CHECK_FALSE(settle::settling_steps(series({1, 0.5, 0.2})).has_value());
  CHECK_FALSE(settle::settling_steps(series({1, 0.001, 0.2})).has_value());
  CHECK_FALSE(settle::settling_steps(series({1})).has_value());
}

TEST_CASE("settling_steps of series that are known to settle at a step, or not to") {
  const auto first_seen = [](const auto& distance, Eigen::Index steps) {
    return settle::settling_steps(VectorXd::NullaryExpr(steps + 1, [&](Eigen::Index n) { return distance(n); }));
  };
  for (const double r : {0.3, 0.9, 0.995}) {
    CAPTURE(r);
    const auto decay = [r](Eigen::Index n) { return 7 * std::pow(r, n); };
    const auto exact = static_cast<Eigen::Index>(std::ceil(std::log(100.0) / -std::log(r)));
    CHECK(first_seen(decay, 2000) == exact);
    CHECK(first_seen(decay, exact) == exact);
    CHECK_FALSE(first_seen(decay, exact - 1).has_value());  // one step too few
    // Odd steps are a third as long and dip early: the even ones decide, and the step after the last long one counts.
    const auto swing = [&](Eigen::Index n) { return n % 2 == 0 ? decay(n) : decay(n) / 3; };
    CHECK(first_seen(swing, 2000) == exact - 1 + exact % 2);
    // A plateau above the bound, and a late return to it, never settle.
    CHECK_FALSE(first_seen([&](Eigen::Index n) { return std::max(decay(n), 0.0701); }, 2000).has_value());
    CHECK(first_seen([&](Eigen::Index n) { return std::max(decay(n), 0.0699); }, 2000) == exact);
    CHECK_FALSE(first_seen([&](Eigen::Index n) { return n == 2000 ? 0.0701 : decay(n); }, 2000).has_value());
    CHECK(first_seen([&](Eigen::Index n) { return n == 1999 ? 0.0701 : decay(n); }, 2000) == 2000);
  }
}

TEST_CASE("two AR(1) runs with the same noise settle with their coefficient, whatever the noise") {
  Normal normal(41);
  for (const double noise : {0.0, 0.1, 10.0}) {
    const double phi = 0.95;
    MatrixXd far(301, 2), rest(301, 2);
    far.row(0) << 3, -4;
    rest.row(0).setZero();
    for (Eigen::Index n = 1; n < far.rows(); ++n) {
      const Eigen::RowVectorXd kick = noise * normal.vector(2).transpose();
      far.row(n) = phi * far.row(n - 1) + kick;
      rest.row(n) = phi * rest.row(n - 1) + kick;
    }
    CHECK(settle::settling_steps(settle::distances(far, rest)) == std::ceil(std::log(100.0) / -std::log(phi)));
  }
}

TEST_CASE("distances are lengths of row differences") {
  MatrixXd a(2, 2), b(2, 2);
  a << 3, 4, 1, 1;
  b << 0, 0, 1, 2;
  CHECK(settle::distances(a, b) == series({5, 1}));
}

TEST_CASE("predicted_steps of one mode is the logarithm's next whole number") {
  for (const double lambda : {0.1, 0.28, 1.0, 1.72}) {
    const VectorXd modes = VectorXd::Constant(3, lambda);
    const double exact = std::log(100.0) / -std::log(1.0 - 0.25 * lambda);
    CHECK(settle::predicted_steps(step_map(modes, 0.25), series({1, -2, 0.5})) == std::ceil(exact));
  }
}

TEST_CASE("predicted_steps of several modes") {
  // T = diag(0.5, 0.9), d = (1, 1): 0.25^n + 0.81^n <= 1e-4 * 2, reached when 0.9^n <= 0.01 sqrt(2).
  const MatrixXd T = step_map(series({2, 0.4}), 0.25);
  CHECK(settle::predicted_steps(T, series({1, 1})) == std::ceil(std::log(0.01 * std::sqrt(2.0)) / std::log(0.9)));
  CHECK(settle::predicted_steps(T, series({1, 0})) == 7);  // 2^-7 = 0.0078
}

TEST_CASE("predicted_steps knows that a one-way bus delays") {
  // A Jordan block: |T^n d| falls later than its eigenvalue's power, which alone would give 7.
  MatrixXd T(2, 2);
  T << 0.5, 0, 1, 0.5;
  CHECK(settle::predicted_steps(T, series({1, 0})) == 12);  // 0.0108 at 11, 0.0059 at 12
}

TEST_CASE("predicted_steps gives up on what does not settle") {
  CHECK_FALSE(settle::predicted_steps(MatrixXd::Identity(2, 2), series({1, 1}), 1000).has_value());
  CHECK_FALSE(settle::predicted_steps(2 * MatrixXd::Identity(2, 2), series({1, 1})).has_value());
}

TEST_CASE("predicted_distances starts at the start and follows the power") {
  const VectorXd d = settle::predicted_distances(step_map(series({2, 2}), 0.25), series({3, 4}), 3);
  CHECK(d == series({5, 2.5, 1.25, 0.625}));
  CHECK(settle::predicted_distances(MatrixXd::Zero(1, 1), series({2}), 0) == series({2}));
}

TEST_CASE("lambda_min_steps is ln 100 relaxation times of the slowest mode") {
  const double e = 0.25;
  MatrixXd M = series({0.28, 1.0, 1.72}).asDiagonal();
  CHECK(settle::lambda_min_steps(M, e) == Approx(std::log(100.0) / -std::log(1 - 0.25 * 0.28)));
  // The fast end can be the slow one: |1 - e 7.9| = 0.975.
  M(2, 2) = 7.9;
  CHECK(settle::lambda_min_steps(M, e) == Approx(std::log(100.0) / -std::log(0.975)));
  CHECK(settle::lambda_min_steps(4.0 * MatrixXd::Identity(2, 2), e) == 0.0);
}

TEST_CASE("lambda_min_steps of rotated, one-way and turning machines") {
  MatrixXd symmetric(2, 2), one_way(2, 2), turning(2, 2);
  symmetric << 1.0, 0.5, 0.5, 1.0;  // 0.5 and 1.5
  one_way << 0.5, 0.0, 7.0, 1.5;    // the same eigenvalues
  turning << 1.0, 0.5, -0.5, 1.0;   // 1 +- i / 2
  const double expected = std::log(100.0) / -std::log(1 - 0.25 * 0.5);
  CHECK(settle::lambda_min_steps(symmetric, 0.25) == Approx(expected));
  CHECK(settle::lambda_min_steps(one_way, 0.25) == Approx(expected));
  CHECK(settle::lambda_min_steps(turning, 0.25) == Approx(std::log(100.0) / -std::log(std::hypot(0.75, 0.125))));
}

TEST_CASE("a start in the slowest mode takes lambda_min_steps") {
  MatrixXd M(2, 2);
  M << 1.0, 0.5, 0.5, 1.0;
  const MatrixXd T = MatrixXd::Identity(2, 2) - 0.25 * M;
  CHECK(settle::predicted_steps(T, series({1, -1})) == std::ceil(settle::lambda_min_steps(M, 0.25)));
}

TEST_CASE("rc_steps") { CHECK(settle::rc_steps(series({1, 3}), 0.25) == Approx(2.0)); }

TEST_CASE("settling measures refuse bad arguments") {
  const MatrixXd eye = MatrixXd::Identity(2, 2);
  CHECK_THROWS_AS(settle::settling_steps(VectorXd()), settle::Error);
  CHECK_THROWS_AS(settle::settling_steps(series({0, 0})), settle::Error);
  CHECK_THROWS_AS(settle::settling_steps(series({1, -1})), settle::Error);
  CHECK_THROWS_AS(settle::settling_steps(series({1, std::nan("")})), settle::Error);
  CHECK_THROWS_AS(settle::predicted_steps(eye, series({1, 2, 3})), settle::Error);
  CHECK_THROWS_AS(settle::predicted_steps(MatrixXd::Zero(2, 3), series({1, 2, 3})), settle::Error);
  CHECK_THROWS_AS(settle::predicted_steps(eye, series({0, 0})), settle::Error);
  CHECK_THROWS_AS(settle::predicted_distances(eye, series({1, 1}), -1), settle::Error);
  CHECK_THROWS_AS(settle::lambda_min_steps(MatrixXd::Zero(2, 3), 0.25), settle::Error);
  CHECK_THROWS_AS(settle::lambda_min_steps(eye, 0.0), settle::Error);
  CHECK_THROWS_WITH_AS(settle::lambda_min_steps(-eye, 0.25),
                       "lambda_min_steps: max|1 - e lambda| is 1.25 at e = 0.25, a stable step has it below 1",
                       settle::Error);
  CHECK_THROWS_AS(settle::lambda_min_steps(9 * eye, 0.25), settle::Error);
  CHECK_THROWS_AS(settle::rc_steps(series({-1, 0}), 0.25), settle::Error);
  CHECK_THROWS_AS(settle::distances(eye, MatrixXd::Zero(3, 2)), settle::Error);
}
