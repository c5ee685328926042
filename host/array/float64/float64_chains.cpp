#include "array/float64/float64_chains.hpp"

#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace settle {

Float64Chains::Float64Chains(std::shared_ptr<const Float64Plan> plan)
    : plan_(std::move(plan)),
      xi_(plan_->cells()),
      field_(static_cast<std::size_t>(cells())),
      state_(field_.size()),
      force_(field_.size()),
      words_(plan_->words) {
  for (int chain = 0; chain < kFloat64Chains; ++chain) set_field(chain, plan_->field);
}

void Float64Chains::check_chain(int chain) const {
  if (chain < 0 || chain >= kFloat64Chains) throw error("chain {}: not 0 to {}", chain, kFloat64Chains - 1);
}

void Float64Chains::set_field(int chain, const Eigen::VectorXd& field) {
  check_chain(chain);
  if (field.size() != cells()) throw error("the field has {} entries, the machine {} cells", field.size(), cells());
  if (!field.allFinite()) throw error("the field has an entry that is not finite");
  for (Eigen::Index i = 0; i < cells(); ++i) numbers(field_, i)[chain] = field[i];
}

void Float64Chains::set_temperature(int chain, double kt, Gaussian xi) {
  check_chain(chain);
  if (!std::isfinite(kt) || kt < 0) throw error("kT is {}, a finite value >= 0 is needed", kt);
  if (kt > 0 && !xi) throw error("kT is {}, but there is no noise source", kt);
  const auto at = static_cast<std::size_t>(chain);
  gains_[at] = std::sqrt(2.0 * plan_->step * kt);
  noises_[at] = std::move(xi);
}

Eigen::VectorXd Float64Chains::state(int chain) const {
  check_chain(chain);
  Eigen::VectorXd state(cells());
  for (Eigen::Index i = 0; i < cells(); ++i) state[i] = numbers(state_, i)[chain];
  return state;
}

void Float64Chains::begin_sums(Eigen::Index first, Eigen::Index count) {
  if (first < 0 || count < 0 || first + count > cells()) {
    throw error("sums of cells {} to {}: the machine has {}", first, first + count - 1, cells());
  }
  first_sum_ = first;
  summed_ = 0;
  sum_.assign(static_cast<std::size_t>(count), Row());
  square_.assign(static_cast<std::size_t>(count), Row());
}

Sums Float64Chains::sums(int chain) const {
  check_chain(chain);
  const auto count = static_cast<Eigen::Index>(sum_.size());
  Sums all{summed_, Eigen::VectorXd(count), Eigen::VectorXd(count)};
  for (Eigen::Index i = 0; i < count; ++i) {
    all.x[i] = numbers(sum_, i)[chain];
    all.x_squared[i] = numbers(square_, i)[chain];
  }
  return all;
}

void Float64Chains::compute_force() {
  const std::size_t count = state_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const double stiffness = plan_->stiffness[static_cast<Eigen::Index>(i)];
    for (std::size_t c = 0; c < kFloat64Chains; ++c) {
      force_[i].values[c] = field_[i].values[c] - stiffness * state_[i].values[c];
    }
  }
  for (const Float64Plan::Neighbour& neighbour : plan_->neighbours) {
    for (std::size_t c = 0; c < kFloat64Chains; ++c) {
      force_[neighbour.cell].values[c] -= neighbour.coupling * state_[neighbour.partner].values[c];
    }
  }
  for (const Float64Plan::Local& local : plan_->tables) {
    for (Eigen::Index i = local.first; i < local.first + local.size; ++i) {
      for (int c = 0; c < kFloat64Chains; ++c) numbers(force_, i)[c] -= local.table(numbers(state_, i)[c]);
    }
  }
  for (const Float64Plan::Pull& pull : plan_->pulls) {
    set_products(pull.words, numbers(state_, pull.source), words_.data()->values.data());
    subtract_products(pull.cells, words_.data()->values.data(), numbers(force_, pull.target));
  }
}

/// To the change of each state that `force_` holds.
void Float64Chains::add_noise(std::uint64_t step) {
  for (std::size_t c = 0; c < kFloat64Chains; ++c) {
    if (gains_[c] == 0) continue;
    noises_[c](step, xi_);
    if (xi_.size() != cells()) throw error("the noise has {} entries, the machine {} cells", xi_.size(), cells());
    for (std::size_t i = 0; i < force_.size(); ++i) {
      force_[i].values[c] += gains_[c] * xi_[static_cast<Eigen::Index>(i)];
    }
  }
}

void Float64Chains::run(std::uint64_t first_step, std::int64_t steps) {
  if (steps < 0) throw error("{} steps asked for, at least 0 are needed", steps);
  for (std::int64_t n = 0; n < steps; ++n) {
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      const Row& x = state_[static_cast<std::size_t>(first_sum_) + i];
      for (std::size_t c = 0; c < kFloat64Chains; ++c) {
        sum_[i].values[c] += x.values[c];
        square_[i].values[c] += x.values[c] * x.values[c];
      }
    }
    if (!sum_.empty()) ++summed_;
    compute_force();
    for (Row& change : force_) {
      for (double& value : change.values) value *= plan_->step;
    }
    add_noise(first_step + static_cast<std::uint64_t>(n));
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (plan_->clamp[i] != 0) continue;
      for (std::size_t c = 0; c < kFloat64Chains; ++c) state_[i].values[c] += force_[i].values[c];
    }
  }
  for (const Row& row : state_) {
    for (const double value : row.values) {
      if (!std::isfinite(value)) throw error("the float64 run is no longer finite after {} steps: unstable", steps);
    }
  }
}

}  // namespace settle
