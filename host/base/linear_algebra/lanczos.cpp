#include "base/linear_algebra/lanczos.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"

namespace settle {
namespace {

constexpr double kPrecision = 1e-6;
constexpr int kLookEvery = 10;  // steps between looks at the tridiagonal matrix

// Not random, so that the same machine gets the same answer; no symmetry that an eigenvector could be orthogonal to.
Eigen::VectorXd start(Eigen::Index size) {
  Eigen::VectorXd v(size);
  for (Eigen::Index i = 0; i < size; ++i) v[i] = 1.0 + std::sin(1.0 + 1.7 * static_cast<double>(i * i % 1009));
  return v.normalized();
}

}  // namespace

ExtremeEigenvalues extreme_eigenvalues(const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& apply,
                                       Eigen::Index size, int steps) {
  if (size < 1) throw error("extreme eigenvalues: an operator of size {}, at least 1 is needed", size);
  const Eigen::Index most = std::min<Eigen::Index>(size, steps);
  Eigen::MatrixXd basis(size, most);
  Eigen::MatrixXd small = Eigen::MatrixXd::Zero(most, most);  // tridiagonal
  ExtremeEigenvalues found;
  Eigen::VectorXd v = start(size);
  for (Eigen::Index n = 0; n < most; ++n) {
    basis.col(n) = v;
    Eigen::VectorXd w = apply(v);
    small(n, n) = v.dot(w);
    const auto known = basis.leftCols(n + 1);
    for (int twice = 0; twice < 2; ++twice) w -= known * (known.transpose() * w);
    const double length = w.norm();
    const bool exhausted = length <= 1e-14 * std::fmax(1.0, std::fabs(small(n, n)));
    if (exhausted || n + 1 == most || (n + 1) % kLookEvery == 0) {
      const SymmetricEigen eigen = symmetric_eigen(small.topLeftCorner(n + 1, n + 1));
      found.least = eigen.values[0];
      found.greatest = eigen.values[n];
      found.error =
          exhausted ? 0.0 : length * std::fmax(std::fabs(eigen.vectors(n, 0)), std::fabs(eigen.vectors(n, n)));
      const double size_of = std::fmax(std::fabs(found.least), std::fabs(found.greatest));
      if (exhausted || found.error <= kPrecision * size_of) break;
    }
    if (n + 1 == most) break;
    small(n, n + 1) = small(n + 1, n) = length;
    v = w / length;
  }
  return found;
}

}  // namespace settle
