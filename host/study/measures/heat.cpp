#include "study/measures/heat.hpp"

#include <cmath>
#include <utility>

#include "study/measures/check.hpp"

namespace settle {

HeatMeter::HeatMeter(StateForce force, double kt, const Eigen::VectorXd& start)
    : force_(std::move(force)), kt_(kt), state_(start) {
  if (!std::isfinite(kt_) || kt_ <= 0) throw measure_error("heat: kT is {}, a number above 0 is needed", kt_);
  check_filled("heat", "the start", state_);
  at_state_ = force_at(state_);
}

double HeatMeter::step(const Eigen::VectorXd& next) {
  check_filled("heat", "a state", next);
  if (next.size() != state_.size()) {
    throw measure_error("heat: a state has {} cells, the one before it {}", next.size(), state_.size());
  }
  Eigen::VectorXd at_next = force_at(next);
  const double heat = 0.5 * (at_state_ + at_next).dot(next - state_) / kt_;
  state_ = next;
  at_state_ = std::move(at_next);
  return heat;
}

Eigen::VectorXd HeatMeter::force_at(const Eigen::VectorXd& x) const {
  Eigen::VectorXd force = force_(x);
  if (force.size() != x.size()) {
    throw measure_error("heat: the force has {} entries for {} cells", force.size(), x.size());
  }
  check_filled("heat", "the force", force);
  return force;
}

Eigen::VectorXd heat_of_steps(const Eigen::MatrixXd& path, const StateForce& force, double kt) {
  if (path.rows() < 2) throw measure_error("heat: the path has {} states, at least 2 are needed", path.rows());
  HeatMeter meter(force, kt, path.row(0));
  Eigen::VectorXd heats(path.rows() - 1);
  for (Eigen::Index n = 0; n < heats.size(); ++n) heats[n] = meter.step(path.row(n + 1));
  return heats;
}

HeatRate heat_rate(const Eigen::VectorXd& heats, Eigen::Index batches) {
  check_filled("heat_rate", "heats", heats);
  if (batches < kFewestHeatBatches) {
    throw measure_error("heat_rate: {} batches, at least {} are needed", batches, kFewestHeatBatches);
  }
  if (heats.size() % batches != 0) {
    throw measure_error("heat_rate: {} steps do not make {} batches of equal length", heats.size(), batches);
  }
  const Eigen::Map<const Eigen::MatrixXd> columns(heats.data(), heats.size() / batches, batches);
  const Eigen::RowVectorXd means = columns.colwise().mean();
  const double mean = means.mean();
  const auto n = static_cast<double>(batches);
  return {mean, std::sqrt((means.array() - mean).square().sum() / (n * (n - 1)))};
}

}  // namespace settle
