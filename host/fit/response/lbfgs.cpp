#include "fit/response/lbfgs.hpp"

#include <cmath>
#include <deque>
#include <vector>

#include "base/error.hpp"

namespace settle {
namespace {

struct Pair {
  Eigen::VectorXd step;    // change of x
  Eigen::VectorXd change;  // change of the gradient
};

// -H * gradient, H the inverse Hessian that the pairs imply.
Eigen::VectorXd direction(const std::deque<Pair>& pairs, const Eigen::VectorXd& gradient) {
  Eigen::VectorXd q = -gradient;
  std::vector<double> alpha(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    alpha[i] = pairs[i].step.dot(q) / pairs[i].step.dot(pairs[i].change);
    q -= alpha[i] * pairs[i].change;
  }
  if (!pairs.empty()) q *= pairs.back().step.dot(pairs.back().change) / pairs.back().change.squaredNorm();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double beta = pairs[i].change.dot(q) / pairs[i].step.dot(pairs[i].change);
    q += (alpha[i] - beta) * pairs[i].step;
  }
  return q;
}

}  // namespace

Minimum minimise(const Objective& objective, const Eigen::VectorXd& start, const MinimiseOptions& options,
                 const std::function<bool()>& stop) {
  Minimum best{start, 0, 0};
  Eigen::VectorXd gradient(start.size());
  best.value = objective(best.x, gradient);
  if (!std::isfinite(best.value)) throw error("minimise: the value at the start is not finite");

  std::deque<Pair> pairs;
  std::deque<double> history{best.value};
  while (best.iterations < options.iterations && gradient.norm() > 0 && !stop()) {
    Eigen::VectorXd move = direction(pairs, gradient);
    double slope = move.dot(gradient);
    if (slope >= 0) {  // rounding has spoilt the pairs: start over along the gradient
      pairs.clear();
      move = -gradient;
      slope = -gradient.squaredNorm();
    }
    // The first step has no curvature to go by: as long as the start itself, at most.
    double length = pairs.empty() ? std::fmin(1.0, 0.1 * std::fmax(1.0, best.x.norm()) / move.norm()) : 1.0;

    Eigen::VectorXd next;
    Eigen::VectorXd next_gradient(start.size());
    double value = best.value;
    bool found = false;
    for (int halvings = 0; halvings < 30 && !found; ++halvings, length *= 0.5) {
      next = best.x + length * move;
      value = objective(next, next_gradient);
      found = std::isfinite(value) && value <= best.value + 1e-4 * length * slope;
    }
    if (!found) {
      if (pairs.empty()) break;
      pairs.clear();
      continue;
    }
    Pair pair{next - best.x, next_gradient - gradient};
    if (pair.step.dot(pair.change) > 1e-12 * pair.step.norm() * pair.change.norm()) {
      pairs.push_back(std::move(pair));
      if (pairs.size() > static_cast<std::size_t>(options.memory)) pairs.pop_front();
    }
    best.x = next;
    best.value = value;
    gradient = next_gradient;
    ++best.iterations;
    history.push_back(value);
    if (history.size() > 10) {
      if (history.front() - value < options.tolerance * std::fabs(value)) break;
      history.pop_front();
    }
  }
  return best;
}

}  // namespace settle
