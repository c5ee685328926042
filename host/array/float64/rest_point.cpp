#include "array/float64/rest_point.hpp"

#include <memory>

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "machine/force_table.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

constexpr int kLargestSolved = 2048;  // cells of a machine whose matrix is built
constexpr int kMostSteps = 20000;
constexpr int kStepsAtOnce = 16;
constexpr double kResidue = 1e-9;

bool solvable(const Machine& machine) {
  for (const Layer& layer : machine.layers) {
    if (!layer.force.empty() || !layer.clamp.empty()) return false;
  }
  return cell_count(machine) <= kLargestSolved;
}

// Largest |force| of a free cell in units of its layer's scale.
double residue(const Machine& machine, const Eigen::VectorXd& force) {
  double largest = 0;
  Eigen::Index i = 0;
  for (const Layer& layer : machine.layers) {
    for (int c = 0; c < layer.cells(); ++c, ++i) {
      const bool held = !layer.clamp.empty() && layer.clamp[static_cast<std::size_t>(c)] != 0;
      if (!held) largest = std::max(largest, std::abs(force[i]) / layer.scale);
    }
  }
  return largest;
}

}  // namespace

Eigen::VectorXd rest_point(const Machine& machine, const Eigen::VectorXd& fields, const std::function<bool()>& stop) {
  if (solvable(machine)) return equilibrium(machine, fields);
  Float64Array array(machine, kStateRange);
  array.set_field(fields);
  for (int n = 0; n < kMostSteps; n += kStepsAtOnce) {
    if (stop && stop()) throw error("rest point: interrupted");
    array.run(0, kStepsAtOnce, 0, nullptr);
    if (residue(machine, array.force(array.state())) <= kResidue) return array.state();
  }
  throw error("rest point: not reached in {} steps", kMostSteps);
}

std::function<Eigen::VectorXd(const Eigen::VectorXd&)> linear_step(const Machine& machine,
                                                                   const Eigen::VectorXd& state) {
  const auto force = std::make_shared<LinearForce>(machine);
  if (state.size() != force->cells()) throw error("linear step: {} states for {} cells", state.size(), force->cells());
  Eigen::VectorXd slopes = Eigen::VectorXd::Zero(state.size());
  Eigen::Index i = 0;
  for (const Layer& layer : machine.layers) {
    const ForceTable table(layer.name, layer.force, layer.scale * kStateRange);
    for (int c = 0; c < layer.cells(); ++c, ++i) slopes[i] = table.slope(state[i]);
  }
  const double step = machine.step;
  return [force, slopes, step](const Eigen::VectorXd& d) -> Eigen::VectorXd {
    return d - step * ((*force)(d) + slopes.cwiseProduct(d));
  };
}

}  // namespace settle
