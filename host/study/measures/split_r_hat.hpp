// Whether chains, or the two halves of one, look like draws from the same law.
#pragma once

#include <Eigen/Core>

namespace settle {

inline constexpr Eigen::Index kFewestDraws = 4;  ///< of a chain, so that each half has a variance

/// Split R-hat (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, section 11.4; Vehtari et al., Bayesian Analysis
/// 16, 2021, without rank normalisation). Each chain is cut into halves of n draws, the middle one of an odd number
/// left out. With W the mean of the halves' variances (over n - 1) and B / n the variance of their means, it is sqrt((n
/// - 1) / n + B / (n W)): near 1 if all halves have one mean, larger if chains disagree or drift; it can lie below 1,
/// not below sqrt((n - 1) / n). `chains` [draws x chains], any units, at least kFewestDraws draws of at least 1 chain.
/// Halves that agree though no chain has visited the whole law look converged to it: start chains far apart. Throws
/// MeasureError if draws are too few or no half varies.
double split_r_hat(const Eigen::MatrixXd& chains);

}  // namespace settle
