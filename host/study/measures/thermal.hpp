// How loud the noise is beside what it must carry.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace settle {

/// Variance of each cell over a window of `steps` steps, from its sums of x and of x^2 (any same shape, the state's
/// units and their square): sum x^2 / n - (sum x / n)^2, not below 0. Lower than the stationary variance by the
/// factor 1 - autocorrelation_steps / n. Throws MeasureError if steps < 1 or the shapes differ.
/// Copies neither: of many samples they are most of a batch's memory.
Eigen::MatrixXd window_variance(const Eigen::Ref<const Eigen::MatrixXd>& sum,
                                const Eigen::Ref<const Eigen::MatrixXd>& sum_of_squares, std::int64_t steps);

/// `thermal_ratio`: RMS over decoder cells of the thermal std over RMS over decoder cells of the target's std across
/// samples. `thermal_variance` [samples x D] (rows are averaged; one row will do) and `target` [samples x D], at least
/// 2 rows, in the same units. Throws MeasureError if the column counts differ, a variance is negative or no target
/// varies.
double thermal_ratio(const Eigen::MatrixXd& thermal_variance, const Eigen::MatrixXd& target);

}  // namespace settle
