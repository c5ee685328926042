// What a fit is given: plain matrices, wherever they come from.
#pragma once

#include <Eigen/Core>

namespace settle {

/// One row per sample, one column per channel: the mean over a feature map's sites, in the activations' own units.
struct ActivationMeans {
  Eigen::MatrixXd encoder;     ///< e3, mean over 7 x 7
  Eigen::MatrixXd bottleneck;  ///< b, mean over 4 x 4
  Eigen::MatrixXd decoder;     ///< d3, mean over 7 x 7: the target
};

/// Rows `first` .. `first + count` - 1 of each matrix.
inline ActivationMeans rows_of(const ActivationMeans& means, Eigen::Index first, Eigen::Index count) {
  return {means.encoder.middleRows(first, count), means.bottleneck.middleRows(first, count),
          means.decoder.middleRows(first, count)};
}

/// What the paper's couplings are made of: the convolution kernels of e3 and d3 as [outputs x inputs * 9] rows (the
/// nine taps of one input side by side), cut to their first 64 columns.
struct KernelCuts {
  Eigen::MatrixXd encoder;  ///< [64 x 64]
  Eigen::MatrixXd decoder;  ///< [64 x 64]
};

}  // namespace settle
