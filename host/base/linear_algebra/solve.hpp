// Linear equations, and bases.
#pragma once

#include <string_view>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace settle {

/// x with m x = right: m [n x n], right [n x any]. Throws Error if m is singular to working precision.
Eigen::MatrixXd solve(const Eigen::MatrixXd& m, const Eigen::MatrixXd& right);

/// A factored symmetric positive definite matrix, for several right sides.
class PositiveDefinite {
 public:
  /// Reads the lower half of m [n x n]. `what` names m. Throws Error if m is not positive definite.
  PositiveDefinite(const Eigen::MatrixXd& m, std::string_view what);

  /// x with m x = right [n x any].
  Eigen::MatrixXd solve(const Eigen::MatrixXd& right) const;

 private:
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

/// An orthonormal basis of the columns of m [rows x cols], rows >= cols, full column rank: [rows x cols].
Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& m);

}  // namespace settle
