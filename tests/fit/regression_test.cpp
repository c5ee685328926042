#include "fit/response/regression.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/linear_algebra/singular_values.hpp"
#include "base/linear_algebra/solve.hpp"
#include "fit/response/random.hpp"

using doctest::Approx;
using namespace settle;

namespace {

struct Data {
  Eigen::MatrixXd x, f, t;
  RegressionMoments moments;
};

Data make_data() {
  Data d;
  const Eigen::MatrixXd mix = gaussian_matrix(7, 7, 1);
  d.x = gaussian_matrix(200, 7, 2) * mix;
  d.f = gaussian_matrix(200, 3, 3) + d.x.leftCols(3);
  d.t = d.x * gaussian_matrix(7, 5, 4) + d.f * gaussian_matrix(3, 5, 5) + 0.5 * gaussian_matrix(200, 5, 6);
  const double n = 200;
  d.moments = {d.x.transpose() * d.x / n, d.f.transpose() * d.f / n, d.f.transpose() * d.x / n,
               d.x.transpose() * d.t / n, d.f.transpose() * d.t / n, d.t.squaredNorm() / n};
  return d;
}

double loss(const Data& d, const Eigen::MatrixXd& matrix, const Eigen::MatrixXd& free_matrix, double ridge,
            double free_ridge) {
  const Eigen::MatrixXd residual = d.t - d.x * matrix.transpose() - d.f * free_matrix.transpose();
  return residual.squaredNorm() / 200 + ridge * matrix.squaredNorm() + free_ridge * free_matrix.squaredNorm();
}

}  // namespace

TEST_CASE("full rank without free inputs is ordinary ridge regression") {
  Data d = make_data();
  RegressionMoments m = d.moments;
  m.free.resize(0, 0);
  const RankedRegression r = ranked_regression(m, 5, 0.1, 0);
  const Eigen::MatrixXd normal = m.inputs + 0.1 * Eigen::MatrixXd::Identity(7, 7);
  CHECK((r.matrix.transpose() - solve(normal, m.inputs_targets)).cwiseAbs().maxCoeff() < 1e-11);
}

TEST_CASE("reduced rank agrees with a regression whose fitted values are cut by an SVD of the data") {
  // Independent way: ridge as extra rows of data, free inputs projected out of the rows, SVD of the fitted values.
  const Data d = make_data();
  const double ridge = 0.05, free_ridge = 0.02, n = 200;
  Eigen::MatrixXd x(210, 7), f(210, 3), t(210, 5);
  x << d.x, std::sqrt(n * ridge) * Eigen::MatrixXd::Identity(7, 7), Eigen::MatrixXd::Zero(3, 7);
  f << d.f, Eigen::MatrixXd::Zero(7, 3), std::sqrt(n * free_ridge) * Eigen::MatrixXd::Identity(3, 3);
  t << d.t, Eigen::MatrixXd::Zero(10, 5);
  const Eigen::MatrixXd out = Eigen::MatrixXd::Identity(210, 210) - f * solve(f.transpose() * f, f.transpose());
  x = out * x;
  t = out * t;
  const Eigen::MatrixXd full = solve(x.transpose() * x, x.transpose() * t);
  const SingularValues svd = singular_values(x * full);
  for (const int rank : {1, 2, 4}) {
    const Eigen::MatrixXd v = svd.v.leftCols(rank);
    const Eigen::MatrixXd expected = (full * v * v.transpose()).transpose();
    const RankedRegression r = ranked_regression(d.moments, rank, ridge, free_ridge);
    CHECK((r.matrix - expected).cwiseAbs().maxCoeff() < 1e-10);
    CHECK(r.loss == Approx(loss(d, r.matrix, r.free_matrix, ridge, free_ridge)).epsilon(1e-10));
    CHECK(singular_values(r.matrix).values[rank] < 1e-10);
  }
}

TEST_CASE("nothing of the same rank nearby does better") {
  const Data d = make_data();
  const RankedRegression r = ranked_regression(d.moments, 2, 0.05, 0.02);
  const SingularValues svd = singular_values(r.matrix);
  const Eigen::MatrixXd left = svd.u.leftCols(2) * svd.values.head(2).asDiagonal();
  const Eigen::MatrixXd right = svd.v.leftCols(2);
  for (unsigned trial = 0; trial < 50; ++trial) {
    const Eigen::MatrixXd matrix = (left + 0.01 * gaussian_matrix(5, 2, 100 + trial)) *
                                   (right + 0.01 * gaussian_matrix(7, 2, 200 + trial)).transpose();
    const Eigen::MatrixXd free_matrix = r.free_matrix + 0.01 * gaussian_matrix(5, 3, 300 + trial);
    CHECK(loss(d, matrix, free_matrix, 0.05, 0.02) > r.loss);
  }
}

TEST_CASE("rank 0 leaves the free inputs alone") {
  const Data d = make_data();
  const RankedRegression r = ranked_regression(d.moments, 0, 0.0, 0.0);
  CHECK(r.matrix.isZero());
  CHECK((r.free_matrix.transpose() - solve(d.moments.free, d.moments.free_targets)).cwiseAbs().maxCoeff() < 1e-11);
}

TEST_CASE("weights: means and moments as if samples were repeated") {
  const Eigen::MatrixXd data = gaussian_matrix(3, 2, 9);
  Eigen::MatrixXd repeated(6, 2);
  repeated << data.row(0), data.row(1), data.row(1), data.row(2), data.row(2), data.row(2);
  const Eigen::VectorXd weights = Eigen::Vector3d(1, 2, 3);
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(6);
  CHECK((weighted_mean(data, weights) - weighted_mean(repeated, ones)).norm() < 1e-14);
  const Eigen::MatrixXd a = weighted_centred(data, weights), b = weighted_centred(repeated, ones);
  CHECK((a.transpose() * a - b.transpose() * b).norm() < 1e-14);
}

TEST_CASE("impossible regressions are refused") {
  const Data d = make_data();
  CHECK_THROWS_AS(ranked_regression(d.moments, 6, 0, 0), Error);
  CHECK_THROWS_AS(ranked_regression(d.moments, -1, 0, 0), Error);
  CHECK_THROWS_AS(ranked_regression(d.moments, 2, -1, 0), Error);
  RegressionMoments bad = d.moments;
  bad.free_targets.resize(2, 5);
  CHECK_THROWS_AS(ranked_regression(bad, 2, 0, 0), Error);
  bad = d.moments;
  bad.inputs.setZero();
  CHECK_THROWS_AS(ranked_regression(bad, 2, 0, 0), Error);
}
