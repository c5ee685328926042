// Singular values, and what follows from them.
#pragma once

#include <Eigen/Core>

namespace settle {

/// m = u diag(values) v^T, values falling, r = min(rows, cols) of them; u [rows x r] and v [cols x r] with orthonormal
/// columns.
struct SingularValues {
  Eigen::MatrixXd u;
  Eigen::VectorXd values;
  Eigen::MatrixXd v;
};

/// Of any matrix [rows x cols] of finite numbers, at least one. The sign of a pair of columns is the method's own.
SingularValues singular_values(const Eigen::MatrixXd& m);

/// The Moore-Penrose inverse [cols x rows]; singular values below 1e-12 of the largest count as 0.
Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd& m);

}  // namespace settle
