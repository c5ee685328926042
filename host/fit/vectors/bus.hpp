// From a wanted linear response, decoder state per encoder activation, to a reciprocal bus that realises it,
// back-action included.
#pragma once

#include <Eigen/Core>

namespace settle {

/// Coupling j of one singular direction of a reciprocal bus: a source cell of stiffness `source_stiffness` (a) with
/// field a e and a target cell of stiffness `target_stiffness` (b) settle so that the target reads gain * e:
///   j = (a / 2c) (sqrt(1 + 4 c^2 b / a) - 1),  c the gain
/// the root of (c / a) j^2 + j - b c = 0 with |j| < sqrt(a b), so M stays positive definite. Odd in the gain, 0 at 0; a
/// form without cancellation is used. Throws Error unless both stiffnesses are finite and > 0.
double coupling_for_gain(double gain, double source_stiffness, double target_stiffness);

/// A gain matrix C [d x p] as bus matrices for uniform stiffnesses; C = sum of gain * target direction * source
/// direction^T.
struct RealisedBus {
  Eigen::MatrixXd source_matrix;  ///< [p x k]
  Eigen::MatrixXd target_matrix;  ///< [d x k], with the sign for which -target (source^T x) pulls towards C x
  Eigen::VectorXd gains;          ///< [k], falling
  Eigen::VectorXd couplings;      ///< [k]
  Eigen::MatrixXd restoring;      ///< [d x d] K^-1 = b - J^T J / a: field per unit of the target's state at rest
};

/// Realises the leading `rank` singular directions of `gain_matrix` [d x p]. Each direction's coupling is shared
/// equally by both matrices, and the k words are then turned by an orthogonal matrix so that no word carries much more
/// than another: the product, and so the machine, is the same. Throws Error if rank is outside 1 .. min(d, p), and as
/// above.
RealisedBus realise_bus(const Eigen::MatrixXd& gain_matrix, int rank, double source_stiffness, double target_stiffness);

}  // namespace settle
