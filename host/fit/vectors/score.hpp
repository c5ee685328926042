// The two figures that the fit steers by; the report's own measures are computed elsewhere.
#pragma once

#include <Eigen/Core>

namespace settle {

/// Mean over rows of the cosine between readout and target, plain and with `mean` [d] subtracted from both.
struct Score {
  double cosine = 0;
  double cosine_centred = 0;
};

/// `readout`, `target` [n x d], `mean` the fit set's mean target. A zero row scores 0. Throws Error if shapes differ.
Score score(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& mean);

/// Weights 1 / (|t - mean|^2 + floor), floor = 5 % of the mean square, scaled to mean 1: with them a squared error
/// counts as it does in cosine_centred, in which every sample weighs the same however far from the mean it lies.
Eigen::VectorXd cosine_weights(const Eigen::MatrixXd& target, const Eigen::VectorXd& mean);

}  // namespace settle
