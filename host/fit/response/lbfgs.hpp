// Limited-memory BFGS: minimises a smooth function of some hundred numbers from its value and gradient.
#pragma once

#include <functional>

#include <Eigen/Core>

namespace settle {

/// Value at `x`; writes the gradient, of the same size, to the second argument.
using Objective = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct MinimiseOptions {
  int iterations = 200;     ///< at most this many, >= 0
  int memory = 20;          ///< pairs kept, >= 1
  double tolerance = 1e-7;  ///< ends when ten iterations together gain less than this share of the value
};

struct Minimum {
  Eigen::VectorXd x;
  double value = 0;
  int iterations = 0;
};

/// Descends from `start` (two-loop recursion, Nocedal and Wright, algorithm 7.4; backtracking until the Armijo
/// condition holds, pairs without positive curvature dropped). `stop` is asked before every iteration and ends the
/// search with the best point so far. The value never rises. Throws Error if the value at `start` is not finite.
Minimum minimise(const Objective& objective, const Eigen::VectorXd& start, const MinimiseOptions& options,
                 const std::function<bool()>& stop);

}  // namespace settle
