#include "study/run/study.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/parallel.hpp"

namespace settle {

namespace {

constexpr Eigen::Index kCompared = 4;  // samples of a large machine

}  // namespace

bool Study::large() const { return fixed->cells() > kLargestCompared; }

Eigen::Index Study::compared(Eigen::Index settled) const { return large() ? std::min(kCompared, settled) : settled; }

Conditions Study::conditions(Eigen::Index s) const {
  return {to_compare(s).fields, plan.kt, sample_seed(plan.seed, static_cast<std::uint64_t>(s))};
}

std::size_t Study::threads() const { return options.threads == 0 ? core_count() : options.threads; }

Eigen::MatrixXd Study::activations(const Eigen::MatrixXd& states) const {
  const Layer& layer = decoder();
  if (layer.unit.size() == 0) return states;
  return states * layer.unit.replicate(layer.sites(), 1).asDiagonal();
}

Eigen::MatrixXd Study::targets(Eigen::Index count) const {
  Eigen::MatrixXd rows(count, decoder().cells());
  for (Eigen::Index s = 0; s < count; ++s) rows.row(s) = sample(s).target;
  return activations(rows);
}

Eigen::VectorXd Study::fit_mean() const { return activations(machine().fit_mean.transpose()).transpose(); }

void require_linear(const Machine& machine) {
  for (const Layer& layer : machine.layers) {
    if (!layer.force.empty()) throw error("layer {} has a force table, this is taken of linear cells", layer.name);
  }
}

void require_free(const Machine& machine) {
  for (const Layer& layer : machine.layers) {
    if (std::count(layer.clamp.begin(), layer.clamp.end(), 0) != static_cast<std::ptrdiff_t>(layer.clamp.size())) {
      throw error("layer {} has clamped cells, this is taken of free ones", layer.name);
    }
  }
}

void require_warm(const Study& study) {
  if (study.kt() == 0) throw error("kT is 0: nothing fluctuates");
}

void require_readout(const Eigen::MatrixXd& readout) {
  if (readout.isZero(0)) throw error("the read-out is zero in every cell");
}

}  // namespace settle
