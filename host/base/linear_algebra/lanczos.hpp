// Extreme eigenvalues of a symmetric operator that is too large to be a matrix.
#pragma once

#include <functional>

#include <Eigen/Core>

namespace settle {

struct ExtremeEigenvalues {
  double least = 0, greatest = 0;
  double error = 0;  ///< each has an eigenvalue of the operator within this
};

/// Lanczos' method with full reorthogonalisation, from a fixed start: `steps` applications of `apply` (x [size] to a
/// vector [size]) at most, fewer once both are found to 1e-6 of the greatest modulus. Throws Error unless size >= 1.
ExtremeEigenvalues extreme_eigenvalues(const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& apply,
                                       Eigen::Index size, int steps = 300);

}  // namespace settle
