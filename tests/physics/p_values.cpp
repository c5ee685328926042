#include "physics/p_values.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "base/error.hpp"

namespace settle::physics {

namespace {

constexpr double kLargeCount = 1000;

double two_sided(double lower, double upper) { return std::min(1.0, 2 * std::min(lower, upper)); }

}  // namespace

double normal_p(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double student_p(double t, double freedom) {
  const boost::math::students_t law(freedom);
  return 2 * boost::math::cdf(boost::math::complement(law, std::abs(t)));
}

double student_quantile(double p, double freedom) {
  const boost::math::students_t law(freedom);
  return boost::math::quantile(boost::math::complement(law, p / 2));
}

double chi_squared_p(double value, double freedom) {
  const boost::math::chi_squared law(freedom);
  return two_sided(boost::math::cdf(law, value), boost::math::cdf(boost::math::complement(law, value)));
}

double count_p(double count, double expected) {
  if (!(expected > 0)) throw error("count_p: {} expected, above 0 is needed", expected);
  if (expected >= kLargeCount) return normal_p((count - expected) / std::sqrt(expected));
  const boost::math::poisson law(expected);
  const double above = count == 0 ? 1 : boost::math::cdf(boost::math::complement(law, count - 1));
  return two_sided(boost::math::cdf(law, count), above);
}

double kolmogorov_p(double distance, double n) {
  const double root = std::sqrt(n), x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
  return std::clamp(sum, 0.0, 1.0);
}

BatchTest batch_test(const Eigen::MatrixXd& batches, const Eigen::VectorXd& exact, const Eigen::VectorXd& scale,
                     double threshold) {
  const Eigen::Index rows = batches.rows(), columns = batches.cols();
  if (rows < 8 || exact.size() != columns || scale.size() != columns) {
    throw error("batch test: {} batches of {} quantities, {} exact values, {} scales", rows, columns, exact.size(),
                scale.size());
  }
  const double freedom = static_cast<double>(rows - 1), limit = student_quantile(threshold, freedom);
  BatchTest test;
  std::vector<double> seen;
  for (Eigen::Index i = 0; i < columns; ++i) {
    const double mean = batches.col(i).mean();
    const double square = (batches.col(i).array() - mean).square().sum() / freedom;
    const double error_of_mean = std::sqrt(square / static_cast<double>(rows));
    if (!(error_of_mean > 0)) throw error("batch test: quantity {} does not vary", i);
    test.p.push_back(student_p((mean - exact[i]) / error_of_mean, freedom));
    seen.push_back(limit * error_of_mean / scale[i]);
  }
  std::nth_element(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 2), seen.end());
  test.sees = seen[seen.size() / 2];
  return test;
}

}  // namespace settle::physics
