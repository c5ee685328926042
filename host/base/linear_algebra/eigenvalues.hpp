// Eigenvalues of square matrices.
#pragma once

#include <Eigen/Core>

namespace settle {

/// m = vectors diag(values) vectors^T, values [n] rising, vectors [n x n] orthonormal, one per column.
struct SymmetricEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;

  /// The symmetric matrix with the same vectors and the square roots of the values, or their inverses. Values must be
  /// >= 0, or > 0.
  Eigen::MatrixXd root() const;
  Eigen::MatrixXd inverse_root() const;
};

/// Of a symmetric matrix [n x n], of which only the lower half is read. Throws Error if the iteration fails, which
/// takes entries that are not finite.
SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& m);

/// Its values alone.
Eigen::VectorXd symmetric_eigenvalues(const Eigen::MatrixXd& m);

/// Of any square matrix, in no order. Less accurate than the above where eigenvalues nearly coincide. Throws Error as
/// the above do.
Eigen::VectorXcd eigenvalues(const Eigen::MatrixXd& m);

}  // namespace settle
