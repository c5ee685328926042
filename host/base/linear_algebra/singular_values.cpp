#include "base/linear_algebra/singular_values.hpp"

#include <Eigen/SVD>

namespace settle {

SingularValues singular_values(const Eigen::MatrixXd& m) {
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(m, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd& m) {
  const SingularValues s = singular_values(m);
  const double least = 1e-12 * s.values.maxCoeff();
  const Eigen::VectorXd inverse = s.values.unaryExpr([&](double x) { return x > least ? 1.0 / x : 0.0; });
  return s.v * inverse.asDiagonal() * s.u.transpose();
}

}  // namespace settle
