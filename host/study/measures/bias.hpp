// What fixed point does to the stationary law: against the same machine in float64, driven by the same noise.
//
// The two share their thermal fluctuations, which therefore cancel in the differences below, to the extent that the
// machine forgets its start: these measures need far fewer steps than a comparison of independent runs.
#pragma once

#include <Eigen/Core>

namespace settle {

/// `mean_bias`: RMS over samples and cells of the difference of the two window means, over the RMS thermal std.
/// `fixed`, `exact` [samples x cells] means, `variance` [samples x cells] thermal variance, any one unit and its
/// square. Throws MeasureError if the shapes differ or are empty, or if nothing fluctuates.
double mean_bias(const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact, const Eigen::MatrixXd& variance);

/// `variance_bias`: sum over cells of the variance of `fixed` over that of `exact`, less 1. Both [times x cells], rows
/// taken at the same times, at least 2. Throws MeasureError as mean_bias.
double variance_bias(const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact);

/// `covariance_bias`: Frobenius norm of the difference of the two covariance matrices over that of `exact`. Arguments
/// and errors as variance_bias.
double covariance_bias(const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact);

}  // namespace settle
