#include "array/float64/float64_array.hpp"

#include <cmath>
#include <cstddef>
#include <utility>

#include "base/error.hpp"

namespace settle {
namespace {

void check_layer_vector(const Layer& layer, const char* name, const Eigen::VectorXd& values, Eigen::Index size) {
  if (values.size() != size || !values.allFinite()) {
    throw error("layer {}: {} has {} entries, {} finite ones are needed", layer.name, name, values.size(), size);
  }
}

void append(Eigen::VectorXd& all, const Eigen::VectorXd& part) {
  all.conservativeResize(all.size() + part.size());
  all.tail(part.size()) = part;
}

Eigen::VectorXd free_cells(const Layer& layer) {
  Eigen::VectorXd free = Eigen::VectorXd::Ones(layer.cells());
  if (layer.clamp.empty()) return free;
  if (layer.clamp.size() != static_cast<std::size_t>(layer.cells())) {
    throw error("layer {}: the clamp mask has {} entries, {} are needed", layer.name, layer.clamp.size(),
                layer.cells());
  }
  for (Eigen::Index i = 0; i < free.size(); ++i) {
    if (layer.clamp[static_cast<std::size_t>(i)] != 0) free[i] = 0.0;
  }
  return free;
}

void check_end(const Bus& bus, const char* end, int layer, const Eigen::MatrixXd& matrix,
               const std::vector<Layer>& layers) {
  if (layer < 0 || layer >= static_cast<int>(layers.size())) {
    throw error("bus {}: {} layer {} is not one of the {}", bus.name, end, layer, layers.size());
  }
  const Layer& at = layers[static_cast<std::size_t>(layer)];
  if (matrix.rows() != at.site_cells) {
    throw error("bus {}: the {} matrix has {} rows, a site of layer {} has {} cells", bus.name, end, matrix.rows(),
                at.name, at.site_cells);
  }
  if (matrix.cols() == 0 || !matrix.allFinite()) {
    throw error("bus {}: the {} matrix is empty or not finite", bus.name, end);
  }
}

void check_bus(const Bus& bus, const std::vector<Layer>& layers) {
  check_end(bus, "source", bus.source, bus.source_matrix, layers);
  check_end(bus, "target", bus.target, bus.target_matrix, layers);
  if (bus.source_matrix.cols() * bus.tap_range.taps() != bus.target_matrix.cols()) {
    throw error("bus {}: rank {} at the source, {} at the target", bus.name, bus.source_matrix.cols(),
                bus.target_matrix.cols());
  }
  if (bus.source == bus.target && bus.source_matrix != bus.target_matrix) {
    throw error("bus {}: a self-bus has one matrix in both places, these differ", bus.name);
  }
}

}  // namespace

Float64Array::Float64Array(const Machine& machine, double state_range) : step_(machine.step) {
  if (!std::isfinite(step_) || step_ <= 0) throw error("the machine's step is {}, above 0 is needed", step_);
  if (machine.layers.empty()) throw error("the machine has no layers");
  for (const Layer& layer : machine.layers) add_layer(layer, state_range);
  for (const Bus& bus : machine.buses) {
    check_bus(bus, machine.layers);
    add_bus(bus, machine.layers);
  }
  state_ = Eigen::VectorXd::Zero(cells());
}

void Float64Array::add_layer(const Layer& layer, double state_range) {
  if (layer.cells() < 1) throw error("layer {}: {} cells, at least 1 is needed", layer.name, layer.cells());
  check_layer_vector(layer, "stiffness", layer.stiffness, layer.site_cells);
  check_layer_vector(layer, "field", layer.field,
                     layer.field.size() == layer.cells() ? layer.cells() : layer.site_cells);
  Local local{ForceTable(layer.name, layer.force, layer.scale * state_range), {}};
  for (const Neighbour& neighbour : layer.neighbours) local.neighbours.emplace_back(layer, neighbour);
  locals_.push_back(std::move(local));
  spans_.push_back({stiffness_.size(), layer.cells()});
  append(stiffness_, layer.stiffness.replicate(layer.sites(), 1));
  append(field_, layer.field.replicate(layer.cells() / layer.field.size(), 1));
  append(free_, free_cells(layer));
}

void Float64Array::add_bus(const Bus& bus, const std::vector<Layer>& layers) {
  const auto source = static_cast<std::size_t>(bus.source), target = static_cast<std::size_t>(bus.target);
  const bool returns = bus.reciprocal && bus.source != bus.target;
  couplings_.push_back({spans_[source], spans_[target], BusOperator(bus, layers[source], layers[target]), returns});
}

void Float64Array::check_cells(const char* name, const Eigen::VectorXd& values) const {
  if (values.size() != cells())
    throw error("the {} has {} entries, the machine {} cells", name, values.size(), cells());
  if (!values.allFinite()) throw error("the {} has an entry that is not finite", name);
}

void Float64Array::set_field(const Eigen::VectorXd& h) {
  check_cells("field", h);
  field_ = h;
}

void Float64Array::set_state(const Eigen::VectorXd& x) {
  check_cells("state", x);
  state_ = x;
}

Eigen::VectorXd Float64Array::force(const Eigen::VectorXd& x) const {
  check_cells("state", x);
  Eigen::VectorXd result(cells());
  Scratch scratch;
  compute_force(x, result, scratch);
  return result;
}

void Float64Array::compute_force(const Eigen::VectorXd& x, Eigen::VectorXd& force, Scratch& scratch) const {
  force = field_ - stiffness_.cwiseProduct(x);
  for (std::size_t l = 0; l < locals_.size(); ++l) {
    const Local& local = locals_[l];
    const auto [first, size] = spans_[l];
    for (const NeighbourForce& neighbour : local.neighbours) {
      for (Eigen::Index site = first; site < first + size; site += neighbour.cells()) {
        neighbour.add(x.segment(site, neighbour.cells()), force.segment(site, neighbour.cells()));
      }
    }
    if (local.table.linear_cell()) continue;
    for (Eigen::Index i = first; i < first + size; ++i) force[i] -= local.table(x[i]);
  }
  Eigen::VectorXd& pull = scratch.pull;
  pull.setZero(force.size());
  for (const Coupling& bus : couplings_) {
    bus.action.add_forward(x.segment(bus.source.first, bus.source.size),
                           pull.segment(bus.target.first, bus.target.size), scratch.bus);
    if (!bus.returns) continue;
    bus.action.add_adjoint(x.segment(bus.target.first, bus.target.size),
                           pull.segment(bus.source.first, bus.source.size), scratch.bus);
  }
  force -= pull;
}

void Float64Array::run(std::uint64_t first_step, std::int64_t steps, double kt, const Gaussian& xi, Sums* sums) {
  if (steps < 0) throw error("{} steps asked for, at least 0 are needed", steps);
  if (!std::isfinite(kt) || kt < 0) throw error("kT is {}, a finite value >= 0 is needed", kt);
  if (kt > 0 && !xi) throw error("kT is {}, but there is no noise source", kt);
  if (sums && sums->x.size() == 0) *sums = {0, Eigen::VectorXd::Zero(cells()), Eigen::VectorXd::Zero(cells())};
  if (sums && (sums->x.size() != cells() || sums->x_squared.size() != cells())) {
    throw error("the sums have {} entries, the machine {} cells", sums->x.size(), cells());
  }
  const double noise_gain = std::sqrt(2.0 * step_ * kt);
  Eigen::VectorXd change(cells());
  Eigen::VectorXd noise = Eigen::VectorXd::Zero(cells());
  for (std::int64_t n = 0; n < steps; ++n) {
    if (sums) {
      sums->x += state_;
      sums->x_squared += state_.cwiseAbs2();
      ++sums->steps;
    }
    compute_force(state_, change, scratch_);
    change *= step_;
    if (kt > 0) {
      xi(first_step + static_cast<std::uint64_t>(n), noise);
      if (noise.size() != cells()) throw error("the noise has {} entries, the machine {} cells", noise.size(), cells());
      change += noise_gain * noise;
    }
    state_ += free_.cwiseProduct(change);
  }
  if (!state_.allFinite()) throw error("the float64 run is no longer finite after {} steps: unstable", steps);
}

}  // namespace settle
