// The stationary law of one noisy cell, from the transfer operator of the very chain that the hardware runs:
// x' = x + e F(x) + s xi, s = sqrt(2 e kT), xi a unit normal.
#pragma once

#include <functional>

#include <Eigen/Core>

namespace settle::physics {

struct Chain {
  std::function<double(double)> force;  ///< F(x) = h - a x - g(x)
  double step = 0;                      ///< e
  double kt = 0;
  double low = 0, high = 0;  ///< beyond these the law has no weight that matters
};

class TransferOperator {
 public:
  /// Trapezoid rule on a grid of fifths of s. Throws Error for more than 4,000 points or a law that is not small at the
  /// ends.
  explicit TransferOperator(const Chain& chain);

  double mean(const std::function<double(double)>& f) const;  ///< <f(x)>
  /// <f(x) g(x')> one step apart.
  double pair_mean(const std::function<double(double)>& f, const std::function<double(double)>& g) const;
  double cumulative(double x) const;                       ///< probability of a state up to x
  double relaxation_steps() const { return relaxation_; }  ///< of the slowest mode
  const Eigen::VectorXd& points() const { return x_; }
  const Eigen::VectorXd& weights() const { return weight_; }  ///< sum 1

 private:
  Eigen::VectorXd x_, weight_, sum_;
  Eigen::MatrixXd kernel_;  ///< [to x from] probability of a grid point
  double relaxation_ = 0;
};

/// Weights of Boltzmann's law exp(-V / kT) on the points of an operator; `energy` V.
Eigen::VectorXd boltzmann(const Eigen::VectorXd& points, const std::function<double(double)>& energy, double kt);

}  // namespace settle::physics
