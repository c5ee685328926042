// A convolution as a bus: how few words per site carry it, and what a lower rank leaves out.
//
// Kernels here are lists of taps, [taps * outputs x inputs]: the rows of the first tap, then those of the second, ...
#pragma once

#include <optional>

#include <Eigen/Core>

namespace settle {

/// The two ends of a bus that carries a kernel, without the minus sign of a bus's force.
struct ConvolutionBus {
  Eigen::MatrixXd source_matrix;  ///< P, [inputs x k]
  Eigen::MatrixXd target_matrix;  ///< Q, [outputs x taps * k], the k columns of a tap side by side
  double left_out = 0;            ///< share of the convolution's mean square that the rank leaves out
};

/// `taps` ~ Q P^T in the norm of what the source's activations, of second moment `moment` [inputs x inputs], make of
/// the difference; bus words have unit second moment. `most`: upper bound of the rank, >= 1; none: the kernel's own. A
/// rank of all inputs is carried as it is, P = 1.
ConvolutionBus convolution_bus(const Eigen::MatrixXd& taps, Eigen::Index outputs, const Eigen::MatrixXd& moment,
                               std::optional<int> most);

/// A kernel as the target's end of a bus has it: [outputs x taps * inputs].
Eigen::MatrixXd side_by_side(const Eigen::MatrixXd& taps, Eigen::Index outputs);

/// The middle one of nine taps, [outputs x inputs].
Eigen::MatrixXd middle_tap(const Eigen::MatrixXd& taps, Eigen::Index outputs);

/// Whether the other eight are next to nothing.
bool middle_tap_only(const Eigen::MatrixXd& taps, Eigen::Index outputs);

}  // namespace settle
