#include "study/measures/settling.hpp"

#include <cmath>
#include <string_view>

#include "base/linear_algebra/eigenvalues.hpp"
#include "study/measures/check.hpp"

namespace settle {
namespace {

void check_square(std::string_view measure, std::string_view name, const Eigen::MatrixXd& matrix) {
  if (matrix.rows() != matrix.cols()) {
    throw measure_error("{}: {} is {} x {}, a square matrix is needed", measure, name, matrix.rows(), matrix.cols());
  }
  check_filled(measure, name, matrix);
}

void check_map(std::string_view measure, const Eigen::MatrixXd& T, const Eigen::VectorXd& start) {
  check_square(measure, "T", T);
  check_filled(measure, "x0 - x*", start);
  if (T.cols() != start.size()) {
    throw measure_error("{}: x0 - x* has {} cells, T {}", measure, start.size(), T.cols());
  }
}

void check_step(std::string_view measure, double e) {
  if (!std::isfinite(e) || e <= 0) throw measure_error("{}: the step is {}, a number above 0 is needed", measure, e);
}

bool symmetric(const Eigen::MatrixXd& M) {
  return (M - M.transpose()).cwiseAbs().maxCoeff() <= 1e-12 * M.cwiseAbs().maxCoeff();
}

// The symmetric solver is the more accurate one; the general one loses digits where eigenvalues nearly coincide.
double slowest_factor(const Eigen::MatrixXd& M, double e) {
  if (symmetric(M)) return (1.0 - e * symmetric_eigenvalues(M).array()).abs().maxCoeff();
  return (1.0 - e * eigenvalues(M).array()).abs().maxCoeff();
}

}  // namespace

Eigen::VectorXd distances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  check_pair("distances", "the first run", a, "the second run", b);
  return (a - b).rowwise().norm();
}

std::optional<std::int64_t> settling_steps(const Eigen::VectorXd& distances) {
  check_filled("settling_steps", "distances", distances);
  if (distances.minCoeff() < 0) throw measure_error("settling_steps: a distance is negative");
  if (distances[0] == 0)
    throw measure_error("settling_steps: the runs start at the same point, there is nothing to settle");
  const double bound = kSettledFraction * distances[0];
  Eigen::Index settled = distances.size();
  while (settled > 0 && distances[settled - 1] <= bound) --settled;
  if (settled == distances.size()) return std::nullopt;
  return settled;
}

Eigen::VectorXd predicted_distances_by(const LinearStep& T, const Eigen::VectorXd& x0_minus_xstar, std::int64_t steps) {
  check_filled("predicted_distances", "x0 - x*", x0_minus_xstar);
  if (steps < 0) throw measure_error("predicted_distances: {} steps asked for, at least 0 are needed", steps);
  Eigen::VectorXd result(steps + 1);
  Eigen::VectorXd d = x0_minus_xstar;
  result[0] = d.norm();
  for (std::int64_t n = 1; n <= steps; ++n) {
    d = T(d);
    result[n] = d.norm();
  }
  return result;
}

std::optional<std::int64_t> predicted_steps_by(const LinearStep& T, const Eigen::VectorXd& x0_minus_xstar,
                                               std::int64_t limit) {
  check_filled("predicted_steps", "x0 - x*", x0_minus_xstar);
  const double bound = kSettledFraction * x0_minus_xstar.norm();
  if (bound == 0) throw measure_error("predicted_steps: x0 equals x*, there is nothing to settle");
  Eigen::VectorXd d = x0_minus_xstar;
  for (std::int64_t n = 1; n <= limit; ++n) {
    d = T(d);
    if (d.norm() <= bound) return n;
    if (!d.allFinite()) return std::nullopt;  // T blows up, it will not come back
  }
  return std::nullopt;
}

Eigen::VectorXd predicted_distances(const Eigen::MatrixXd& T, const Eigen::VectorXd& x0_minus_xstar,
                                    std::int64_t steps) {
  check_map("predicted_distances", T, x0_minus_xstar);
  return predicted_distances_by([&T](const Eigen::VectorXd& d) -> Eigen::VectorXd { return T * d; }, x0_minus_xstar,
                                steps);
}

std::optional<std::int64_t> predicted_steps(const Eigen::MatrixXd& T, const Eigen::VectorXd& x0_minus_xstar,
                                            std::int64_t limit) {
  check_map("predicted_steps", T, x0_minus_xstar);
  return predicted_steps_by([&T](const Eigen::VectorXd& d) -> Eigen::VectorXd { return T * d; }, x0_minus_xstar, limit);
}

double lambda_min_steps(const Eigen::MatrixXd& M, double e) {
  check_square("lambda_min_steps", "M", M);
  check_step("lambda_min_steps", e);
  const double factor = slowest_factor(M, e);
  if (factor >= 1) {
    throw measure_error("lambda_min_steps: max|1 - e lambda| is {:.6g} at e = {:.6g}, a stable step has it below 1",
                        factor, e);
  }
  return factor == 0 ? 0.0 : std::log(kSettledFraction) / std::log(factor);
}

double rc_steps(const Eigen::VectorXd& stiffness, double e) {
  check_filled("rc_steps", "stiffness", stiffness);
  check_step("rc_steps", e);
  const double mean = stiffness.mean();
  if (mean <= 0) throw measure_error("rc_steps: the mean stiffness is {:.6g}, a number above 0 is needed", mean);
  return 1.0 / (e * mean);
}

}  // namespace settle
