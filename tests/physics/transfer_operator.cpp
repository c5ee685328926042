#include "physics/transfer_operator.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/linear_algebra/solve.hpp"

namespace settle::physics {

namespace {

constexpr double kSpacing = 0.2;  // of s
constexpr int kMostPoints = 4000;
constexpr double kEnd = 1e-9;     // weight that the end points may have
constexpr int kIterations = 400;  // of the slowest mode

}  // namespace

TransferOperator::TransferOperator(const Chain& chain) {
  const double kick = std::sqrt(2 * chain.step * chain.kt);
  const int n = static_cast<int>(std::ceil((chain.high - chain.low) / (kSpacing * kick))) + 1;
  if (n > kMostPoints) throw error("transfer operator: {} points, at most {}", n, kMostPoints);
  x_ = Eigen::VectorXd::LinSpaced(n, chain.low, chain.high);
  kernel_.resize(n, n);
  for (int i = 0; i < n; ++i) {
    const double to = x_[i] + chain.step * chain.force(x_[i]);
    kernel_.col(i) = (-((x_.array() - to) / kick).square() / 2).exp();
    kernel_.col(i) /= kernel_.col(i).sum();
  }
  // The fixed point: (K - I) w = 0 with one equation replaced by sum w = 1.
  Eigen::MatrixXd equations = kernel_ - Eigen::MatrixXd::Identity(n, n);
  equations.row(n - 1).setOnes();
  weight_ = solve(equations, Eigen::VectorXd::Unit(n, n - 1));
  if (std::max(std::abs(weight_[0]), std::abs(weight_[n - 1])) > kEnd) {
    throw error("transfer operator: the law reaches the end of [{}, {}]", chain.low, chain.high);
  }
  sum_.resize(n);  // up to the middle between a point and the next
  double sum = 0;
  for (int i = 0; i < n; ++i) sum_[i] = sum += weight_[i];
  // What is left of a deviation with sum 0 falls as the slowest mode does.
  Eigen::VectorXd mode = weight_.cwiseProduct((x_.array() - x_.dot(weight_)).matrix());
  double ratio = 0;
  for (int k = 0; k < kIterations; ++k) {
    const double before = mode.norm();
    mode = kernel_ * mode;
    mode -= mode.sum() * weight_;  // rounding would bring the law itself back
    ratio = mode.norm() / before;
    mode /= mode.norm();
  }
  relaxation_ = -1 / std::log(ratio);
}

double TransferOperator::mean(const std::function<double(double)>& f) const { return x_.unaryExpr(f).dot(weight_); }

double TransferOperator::pair_mean(const std::function<double(double)>& f,
                                   const std::function<double(double)>& g) const {
  const Eigen::VectorXd from = x_.unaryExpr(f).cwiseProduct(weight_);
  return x_.unaryExpr(g).dot(kernel_ * from);
}

double TransferOperator::cumulative(double x) const {
  const double spacing = x_[1] - x_[0], at = (x - x_[0]) / spacing - 0.5;  // sum_[i] belongs to x_[i] + spacing / 2
  if (at <= 0) return std::max(0.0, sum_[0] * (at + 1));
  const auto i = static_cast<Eigen::Index>(at);
  if (i + 1 >= sum_.size()) return 1;
  const double part = at - static_cast<double>(i);
  return sum_[i] + part * (sum_[i + 1] - sum_[i]);
}

Eigen::VectorXd boltzmann(const Eigen::VectorXd& points, const std::function<double(double)>& energy, double kt) {
  const Eigen::ArrayXd v = points.unaryExpr(energy).array();
  const Eigen::ArrayXd w = (-(v - v.minCoeff()) / kt).exp();
  return (w / w.sum()).matrix();
}

}  // namespace settle::physics
