#include "base/linear_algebra/solve.hpp"

#include <Eigen/LU>
#include <Eigen/QR>

#include "base/error.hpp"

namespace settle {

Eigen::MatrixXd solve(const Eigen::MatrixXd& m, const Eigen::MatrixXd& right) {
  const Eigen::FullPivLU<Eigen::MatrixXd> factor(m);
  if (!factor.isInvertible()) throw error("a {} x {} matrix is singular", m.rows(), m.cols());
  return factor.solve(right);
}

PositiveDefinite::PositiveDefinite(const Eigen::MatrixXd& m, std::string_view what) : factor_(m) {
  // A NaN passes the factorisation: no comparison with it is true.
  if (factor_.info() != Eigen::Success || !m.allFinite()) throw error("{}: not positive definite", what);
}

Eigen::MatrixXd PositiveDefinite::solve(const Eigen::MatrixXd& right) const { return factor_.solve(right); }

Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& m) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(m);
  return qr.householderQ() * Eigen::MatrixXd::Identity(m.rows(), m.cols());
}

}  // namespace settle
