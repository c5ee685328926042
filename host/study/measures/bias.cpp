#include "study/measures/bias.hpp"

#include <cmath>

#include "study/measures/check.hpp"

namespace settle {

namespace {

void check_series(const char* measure, const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact) {
  check_pair(measure, "fixed", fixed, "exact", exact);
  check_rows(measure, "exact", exact, 2);
}

/// Rows less their mean, over the square root of their number: its product with itself is the covariance.
Eigen::MatrixXd deviations(const Eigen::MatrixXd& series) {
  return (series.rowwise() - series.colwise().mean()) / std::sqrt(static_cast<double>(series.rows()));
}

void check_varies(const char* measure, double variance) {
  if (!(variance > 0)) throw measure_error("{}: nothing fluctuates", measure);
}

}  // namespace

double mean_bias(const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact, const Eigen::MatrixXd& variance) {
  check_pair("mean_bias", "fixed", fixed, "exact", exact);
  check_pair("mean_bias", "exact", exact, "variance", variance);
  check_varies("mean_bias", variance.mean());
  return std::sqrt((fixed - exact).array().square().mean() / variance.mean());
}

double variance_bias(const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact) {
  check_series("variance_bias", fixed, exact);
  const double variance = deviations(exact).squaredNorm();
  check_varies("variance_bias", variance);
  return deviations(fixed).squaredNorm() / variance - 1;
}

double covariance_bias(const Eigen::MatrixXd& fixed, const Eigen::MatrixXd& exact) {
  check_series("covariance_bias", fixed, exact);
  const Eigen::MatrixXd f = deviations(fixed), e = deviations(exact);
  const Eigen::MatrixXd of_exact = e.transpose() * e;
  check_varies("covariance_bias", of_exact.trace());
  return (f.transpose() * f - of_exact).norm() / of_exact.norm();
}

}  // namespace settle
