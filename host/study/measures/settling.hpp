// When the array has settled: measured on two runs, and predicted from the linear machine's matrices.
//
// Settling is a distance that falls to 1 % of its start and stays there. Time is in steps of the array.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <Eigen/Core>

namespace settle {

inline constexpr double kSettledFraction = 0.01;             ///< of the distance at the start
inline constexpr std::int64_t kPredictionLimit = 1'000'000;  ///< steps after which a prediction gives up

/// Distance of two runs at each step: |a_n - b_n| for rows n of `a` and `b`, both [steps x cells], row 0 the start.
Eigen::VectorXd distances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

/// `settling_steps`: the first n from which distances[n], distances[n+1], ... all stay at or below kSettledFraction of
/// distances[0]. `distances` [steps + 1] are those of two runs with the same noise, from x0 and from x*. Empty result:
/// not settled within the run. Throws MeasureError if the runs start at the same point or a distance is negative.
std::optional<std::int64_t> settling_steps(const Eigen::VectorXd& distances);

/// |T^n d| for n = 0 .. steps, [steps + 1]; T [cells x cells] is I - e M, d = x0 - x* [cells]. Throws MeasureError if
/// the shapes do not fit or steps < 0.
Eigen::VectorXd predicted_distances(const Eigen::MatrixXd& T, const Eigen::VectorXd& x0_minus_xstar,
                                    std::int64_t steps);

/// `predicted_steps`: the first n with |T^n d| <= kSettledFraction |d|, by applying T n times. Empty result: not
/// within `limit` steps. Throws MeasureError if d is zero.
std::optional<std::int64_t> predicted_steps(const Eigen::MatrixXd& T, const Eigen::VectorXd& x0_minus_xstar,
                                            std::int64_t limit = kPredictionLimit);

/// T as an action on a vector, for machines too large for a matrix.
using LinearStep = std::function<Eigen::VectorXd(const Eigen::VectorXd&)>;
/// As predicted_distances and predicted_steps.
Eigen::VectorXd predicted_distances_by(const LinearStep& T, const Eigen::VectorXd& x0_minus_xstar, std::int64_t steps);
std::optional<std::int64_t> predicted_steps_by(const LinearStep& T, const Eigen::VectorXd& x0_minus_xstar,
                                               std::int64_t limit = kPredictionLimit);

/// `lambda_min_steps`: ln 100 relaxation times, the settling of a start that lies in the slowest mode. The relaxation
/// time is -1 / ln max|1 - e lambda_i| steps over the eigenvalues lambda_i of M [cells x cells], complex ones included;
/// 0 if one step kills every mode. Throws MeasureError unless e > 0 and the step is stable, max|1 - e lambda_i| < 1.
double lambda_min_steps(const Eigen::MatrixXd& M, double e);

/// One RC of the array in steps, 1 / (e * mean stiffness): RC = 1 / (mu * mean a) with e = mu * dt. `stiffness`
/// [cells] > 0 on average, e > 0; otherwise throws Error.
double rc_steps(const Eigen::VectorXd& stiffness, double e);

}  // namespace settle
