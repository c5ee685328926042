#include "programs/bench/scaling/least_squares.hpp"

#include <cmath>

#include <Eigen/Core>

#include "base/error.hpp"
#include "base/linear_algebra/singular_values.hpp"

namespace settle {

namespace {

/// Coefficients with errors of a = design * coefficients, and the root mean square of what is left.
LinearFit solved(const Eigen::MatrixXd& design, const Eigen::VectorXd& a) {
  const auto n = static_cast<double>(design.rows());
  const Eigen::MatrixXd inverse = pseudo_inverse(design);
  const Eigen::VectorXd found = inverse * a;
  const double left = (a - design * found).squaredNorm();
  const double freedom = n - static_cast<double>(design.cols());
  LinearFit fit;
  for (Eigen::Index j = 0; j < found.size(); ++j) {
    const double error = freedom > 0 ? std::sqrt(left / freedom) * inverse.row(j).norm() : 0;
    fit.coefficients.push_back({found(j), error});
  }
  fit.residual = std::sqrt(left / n);
  return fit;
}

void check_points(std::size_t points, std::size_t least) {
  if (points < least) throw error("a fit of {} points, at least {} are needed", points, least);
}

/// Columns 1 and x^p, each over y.
Eigen::MatrixXd power_design(const std::vector<double>& x, const std::vector<double>& y, double exponent) {
  Eigen::MatrixXd design(static_cast<Eigen::Index>(x.size()), 2);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    design(row, 0) = 1 / y[i];
    design(row, 1) = std::pow(x[i], exponent) / y[i];
  }
  return design;
}

/// The best constant (0 if the best one is below) and factor at an exponent.
Eigen::Vector2d at_exponent(const std::vector<double>& x, const std::vector<double>& y, double exponent) {
  const Eigen::MatrixXd design = power_design(x, y, exponent);
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(design.rows());
  const Eigen::Vector2d both = pseudo_inverse(design) * ones;
  if (both(0) >= 0) return both;
  return {0, design.col(1).dot(ones) / design.col(1).squaredNorm()};
}

double left_at(const std::vector<double>& x, const std::vector<double>& y, double exponent) {
  const Eigen::MatrixXd design = power_design(x, y, exponent);
  return (Eigen::VectorXd::Ones(design.rows()) - design * at_exponent(x, y, exponent)).squaredNorm();
}

}  // namespace

LinearFit linear_fit(const std::vector<std::vector<double>>& columns, const std::vector<double>& y) {
  check_points(y.size(), columns.size() + 1);
  Eigen::MatrixXd design(static_cast<Eigen::Index>(y.size()), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      design(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = columns[j].at(i) / y[i];
    }
  }
  return solved(design, Eigen::VectorXd::Ones(design.rows()));
}

Estimate log_slope(const std::vector<double>& x, const std::vector<double>& y) {
  check_points(y.size(), 3);
  Eigen::MatrixXd design(static_cast<Eigen::Index>(y.size()), 2);
  Eigen::VectorXd logs(design.rows());
  for (std::size_t i = 0; i < y.size(); ++i) {
    design.row(static_cast<Eigen::Index>(i)) << 1, std::log(x.at(i));
    logs(static_cast<Eigen::Index>(i)) = std::log(y[i]);
  }
  return solved(design, logs).coefficients[1];
}

PowerFit power_fit(const std::vector<double>& x, const std::vector<double>& y) {
  check_points(y.size(), 4);
  // The least of a fine grid, then golden section about it.
  constexpr double kFirst = 0.1, kLast = 4, kGrid = 0.02;
  double best = kFirst;
  for (double p = kFirst; p <= kLast; p += kGrid) {
    if (left_at(x, y, p) < left_at(x, y, best)) best = p;
  }
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = std::max(kFirst, best - kGrid), high = std::min(kLast, best + kGrid);
  for (int i = 0; i < 60; ++i) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (left_at(x, y, a) < left_at(x, y, b) ? high : low) = left_at(x, y, a) < left_at(x, y, b) ? b : a;
  }
  const double exponent = (low + high) / 2;
  const Eigen::Vector2d found = at_exponent(x, y, exponent);
  // Errors by the derivatives at the best point. A constant that is held at 0 is no parameter.
  const bool held = found(0) == 0;
  const Eigen::MatrixXd parts = power_design(x, y, exponent);
  Eigen::MatrixXd slopes(parts.rows(), held ? 2 : 3);
  Eigen::VectorXd rest(parts.rows());
  for (Eigen::Index i = 0; i < parts.rows(); ++i) {
    const double by_exponent = found(1) * parts(i, 1) * std::log(x[static_cast<std::size_t>(i)]);
    if (held) slopes.row(i) << parts(i, 1), by_exponent;
    if (!held) slopes.row(i) << parts(i, 1), by_exponent, parts(i, 0);
    rest(i) = 1 - parts.row(i).dot(found);
  }
  // Its solution is a step of nothing; its errors are those of the parameters.
  const LinearFit errors = solved(slopes, rest);
  PowerFit fit;
  fit.factor = {found(1), errors.coefficients[0].error};
  fit.exponent = {exponent, errors.coefficients[1].error};
  fit.constant = {found(0), held ? 0 : errors.coefficients[2].error};
  fit.residual = std::sqrt(rest.squaredNorm() / static_cast<double>(rest.size()));
  return fit;
}

}  // namespace settle
