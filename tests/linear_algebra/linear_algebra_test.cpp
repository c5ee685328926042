// Decompositions against matrices whose answers are known, and against their own definitions.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/lanczos.hpp"
#include "base/linear_algebra/singular_values.hpp"
#include "base/linear_algebra/solve.hpp"
#include "base/splitmix.hpp"
#include "error_message.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using namespace settle;

namespace {

/// Entries spread evenly over -1 .. 1.
MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  std::uint64_t counter = mix64(seed);
  return MatrixXd::NullaryExpr(rows, columns,
                               [&] { return static_cast<double>(mix64(counter++) >> 11) * 0x1p-52 - 1.0; });
}

/// The second difference of a chain of n: eigenvalues 2 - 2 cos(pi k / (n + 1)), k = 1 .. n.
MatrixXd chain(int n) {
  MatrixXd m = 2.0 * MatrixXd::Identity(n, n);
  for (int i = 1; i < n; ++i) m(i, i - 1) = m(i - 1, i) = -1.0;
  return m;
}

double largest(const MatrixXd& m) { return m.cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("products are cut into blocks by fixed sizes of caches, not by this machine's") {
  CHECK(Eigen::l1CacheSize() == 48 * 1024);
  CHECK(Eigen::l2CacheSize() == 2 * 1024 * 1024);
  CHECK(Eigen::l3CacheSize() == 32 * 1024 * 1024);
}

TEST_CASE("symmetric eigenvalues: the chain's known ones, rising; vectors orthonormal; roots") {
  const int n = 12;
  const MatrixXd m = chain(n);
  const SymmetricEigen eigen = symmetric_eigen(m);
  for (int k = 1; k <= n; ++k) {
    CHECK(eigen.values[k - 1] == doctest::Approx(2.0 - 2.0 * std::cos(M_PI * k / (n + 1))).epsilon(1e-12));
  }
  CHECK(largest(symmetric_eigenvalues(m) - eigen.values) < 1e-13);
  const MatrixXd identity = MatrixXd::Identity(n, n);
  CHECK(largest(eigen.vectors.transpose() * eigen.vectors - identity) < 1e-13);
  CHECK(largest(eigen.vectors * eigen.values.asDiagonal() * eigen.vectors.transpose() - m) < 1e-13);
  CHECK(largest(eigen.root() * eigen.root() - m) < 1e-13);
  CHECK(largest(eigen.root() * eigen.inverse_root() - identity) < 1e-12);
}

TEST_CASE("general eigenvalues: a rotation's are complex, a triangle's stand on its diagonal") {
  MatrixXd m = MatrixXd::Zero(4, 4);
  m(0, 1) = -0.5;  // quarter turn, halved: +-i / 2
  m(1, 0) = 0.5;
  m(2, 2) = 3.0;
  m(2, 3) = 7.0;
  m(3, 3) = -4.0;
  const Eigen::VectorXcd lambda = eigenvalues(m);
  CHECK(lambda.real().minCoeff() == doctest::Approx(-4.0));
  CHECK(lambda.real().maxCoeff() == doctest::Approx(3.0));
  CHECK(lambda.imag().maxCoeff() == doctest::Approx(0.5));
  CHECK(lambda.imag().minCoeff() == doctest::Approx(-0.5));
}

TEST_CASE("entries that are not finite are refused") {
  MatrixXd m = chain(3);
  m(1, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(symmetric_eigen(m), Error);
  CHECK_THROWS_AS(symmetric_eigenvalues(m), Error);
  CHECK_THROWS_AS(eigenvalues(m), Error);
  CHECK_THROWS_AS(PositiveDefinite(m, "m"), Error);
}

TEST_CASE("singular values: known ones found, tall and wide; the pseudo-inverse undoes what can be undone") {
  const MatrixXd left = orthonormal_columns(random_matrix(9, 4, 1)),
                 right = orthonormal_columns(random_matrix(5, 4, 2));
  const VectorXd known = (VectorXd(4) << 3.0, 1.0, 0.25, 0.0).finished();
  const MatrixXd tall = left * known.asDiagonal() * right.transpose();
  for (const MatrixXd& m : {tall, MatrixXd(tall.transpose())}) {
    const SingularValues s = singular_values(m);
    REQUIRE(s.values.size() == 5);
    CHECK(largest(s.values.head(4) - known) < 1e-14);
    CHECK(s.values[4] < 1e-14);
    CHECK(largest(s.u * s.values.asDiagonal() * s.v.transpose() - m) < 1e-14);
    CHECK(largest(s.u.transpose() * s.u - MatrixXd::Identity(5, 5)) < 1e-14);
    CHECK(largest(s.v.transpose() * s.v - MatrixXd::Identity(5, 5)) < 1e-14);
    // Penrose's four conditions.
    const MatrixXd inverse = pseudo_inverse(m);
    CHECK(largest(m * inverse * m - m) < 1e-13);
    CHECK(largest(inverse * m * inverse - inverse) < 1e-13);
    CHECK(largest(m * inverse - (m * inverse).transpose()) < 1e-13);
    CHECK(largest(inverse * m - (inverse * m).transpose()) < 1e-13);
  }
}

TEST_CASE("the extreme eigenvalues of an operator are those of its matrix, within the error that is said") {
  const auto applied = [](const MatrixXd& m) { return [m](const VectorXd& x) { return VectorXd(m * x); }; };
  const MatrixXd chain_of_many = chain(400), scattered = random_matrix(90, 90, 6);
  for (const MatrixXd& m :
       {chain_of_many, MatrixXd(scattered + scattered.transpose()), MatrixXd(chain(3) - 4 * MatrixXd::Identity(3, 3)),
        MatrixXd(5.0 * MatrixXd::Identity(40, 40)), MatrixXd(MatrixXd::Zero(2, 2))}) {
    const VectorXd exact = symmetric_eigenvalues(m);
    const ExtremeEigenvalues found = extreme_eigenvalues(applied(m), m.rows());
    const double size = exact.cwiseAbs().maxCoeff();
    CHECK(found.error <= 1e-3 * size + 1e-12);
    CHECK(found.least - exact[0] <= found.error + 1e-4 * size);
    CHECK(exact[exact.size() - 1] - found.greatest <= found.error + 1e-4 * size);
    CHECK(found.least >= exact[0] - 1e-12 * size);  // a restriction to a subspace: never beyond
    CHECK(found.greatest <= exact[exact.size() - 1] + 1e-12 * size);
  }
  CHECK_THROWS_AS(extreme_eigenvalues(applied(MatrixXd(0, 0)), 0), Error);
}

TEST_CASE("equations: solved, or refused") {
  const MatrixXd m = random_matrix(7, 7, 3), x = random_matrix(7, 2, 4);
  CHECK(largest(solve(m, m * x) - x) < 1e-12);
  const MatrixXd square = m.transpose() * m;
  CHECK(largest(PositiveDefinite(square, "square").solve(square * x) - x) < 1e-10);
  MatrixXd singular = m;
  singular.row(3) = singular.row(5);
  CHECK_THROWS_AS(solve(singular, x), Error);
  CHECK_THROWS_AS(PositiveDefinite(square - 10.0 * MatrixXd::Identity(7, 7), "square"), Error);
  CHECK(settle_test::message_of([&] { PositiveDefinite(-square, "moments of the test"); }) ==
        "moments of the test: not positive definite");
}

TEST_CASE("orthonormal columns span what they were made of") {
  const MatrixXd m = random_matrix(6, 3, 5);
  const MatrixXd q = orthonormal_columns(m);
  CHECK(largest(q.transpose() * q - MatrixXd::Identity(3, 3)) < 1e-14);
  CHECK(largest(q * (q.transpose() * m) - m) < 1e-14);
}
