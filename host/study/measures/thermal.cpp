#include "study/measures/thermal.hpp"

#include <cmath>

#include "study/measures/check.hpp"
#include "study/measures/rows.hpp"

namespace settle {

Eigen::MatrixXd window_variance(const Eigen::Ref<const Eigen::MatrixXd>& sum,
                                const Eigen::Ref<const Eigen::MatrixXd>& sum_of_squares, std::int64_t steps) {
  check_pair("window_variance", "sum", sum, "sum_of_squares", sum_of_squares);
  if (steps < 1) throw measure_error("window_variance: a window of {} steps, at least 1 is needed", steps);
  const auto n = static_cast<double>(steps);
  // Rounding can leave a cell that does not move just below zero.
  return (sum_of_squares.array() / n - (sum.array() / n).square()).max(0.0);
}

double thermal_ratio(const Eigen::MatrixXd& thermal_variance, const Eigen::MatrixXd& target) {
  check_filled("thermal_ratio", "thermal_variance", thermal_variance);
  check_filled("thermal_ratio", "target", target);
  check_rows("thermal_ratio", "target", target, 2);
  if (thermal_variance.cols() != target.cols()) {
    throw measure_error("thermal_ratio: thermal_variance has {} cells, target {}", thermal_variance.cols(),
                        target.cols());
  }
  if (thermal_variance.minCoeff() < 0) throw measure_error("thermal_ratio: thermal_variance has a negative entry");
  const double signal = mean_column_variance(target);
  if (signal == 0) throw measure_error("thermal_ratio: no target varies across samples");
  return std::sqrt(thermal_variance.mean() / signal);
}

}  // namespace settle
