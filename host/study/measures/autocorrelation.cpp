#include "study/measures/autocorrelation.hpp"

#include <cmath>

#include "study/measures/check.hpp"

namespace settle {
namespace {

Eigen::VectorXd deviations(const Eigen::VectorXd& series) {
  check_filled("autocorrelation_steps", "series", series);
  if (series.size() < 2 || series.minCoeff() == series.maxCoeff()) {
    throw measure_error("autocorrelation_steps: the series of {} entries does not vary", series.size());
  }
  return series.array() - series.mean();
}

}  // namespace

Autocorrelation autocorrelation_steps(const Eigen::VectorXd& series) {
  const Eigen::VectorXd d = deviations(series);
  const double power = d.squaredNorm();
  Autocorrelation result{1.0, 0, false};
  while (static_cast<double>(result.window) < kSokalWindow * result.steps && result.window + 1 < d.size()) {
    ++result.window;
    const Eigen::Index pairs = d.size() - result.window;
    result.steps += 2.0 * d.head(pairs).dot(d.tail(pairs)) / power;
  }
  // A series that swings about its mean can sum to zero or less, which is no time; it is not to be trusted.
  result.valid = result.steps > 0 && static_cast<double>(d.size()) > kAutocorrelationRuns * result.steps;
  return result;
}

MeanEstimate mean_estimate(const Eigen::VectorXd& series) {
  const Autocorrelation time = autocorrelation_steps(series);
  const auto n = static_cast<double>(series.size());
  if (!(time.steps > 0 && time.steps < n)) {
    throw measure_error("mean_estimate: the series of {} entries is too short for its autocorrelation", series.size());
  }
  const double mean = series.mean();
  const double mean_square = (series.array() - mean).square().mean();
  return {mean, std::sqrt(mean_square * time.steps / (n - time.steps)), n / time.steps, time.valid};
}

}  // namespace settle
