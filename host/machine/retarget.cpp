#include "machine/retarget.hpp"

#include <cmath>

#include "base/error.hpp"
#include "machine/force_table.hpp"

namespace settle {

namespace {

std::vector<double> knots_at(const Layer& layer, int pieces) {
  const double range = layer.scale * kStateRange;
  const ForceTable table(layer.name, layer.force, range);
  std::vector<double> knots;
  for (int k = 0; k <= pieces; ++k) knots.push_back(table(range * (2.0 * k / pieces - 1)));
  return knots;
}

/// At least one step if it was one: a part of a step is a whole one.
int same_time(int steps, int most, const Configuration& from, const Configuration& to, const std::string& what) {
  const double scaled = std::ceil(std::ldexp(steps, to.step_shift - from.step_shift));
  if (scaled > most) {
    throw error("{}: {} at step 2^-{} are {} at 2^-{}, at most {} are possible", what, steps, from.step_shift, scaled,
                to.step_shift, most);
  }
  return static_cast<int>(scaled);
}

}  // namespace

Machine retargeted(const Machine& machine, const Configuration& from, const Configuration& to,
                   const std::string& name) {
  if (to.state_range() != kStateRange) {
    throw error("{}: state {} bits, {} after the point: states of -{} to {} are needed, as the machine's tables span",
                name, to.state.width, to.state.fraction, kStateRange, kStateRange);
  }
  Machine out = machine;
  out.configuration_hash = to.hash_text();
  if (out.own_configuration) out.own_configuration = to;
  out.step = to.step();
  out.settle_steps = same_time(machine.settle_steps, kMostSettleSteps, from, to, fmt::format("{}: settle_steps", name));
  out.window_steps = same_time(machine.window_steps, kMostWindowSteps, from, to, fmt::format("{}: window_steps", name));
  for (std::size_t l = 0; l < out.layers.size(); ++l) {
    Layer& layer = out.layers[l];
    if (layer.force.empty() || from.table_bits == to.table_bits) continue;
    if (to.table_bits == 0) throw error("{}: table_bits 0: layers[{}] ({}) has a force table", name, l, layer.name);
    layer.force = knots_at(layer, to.table_pieces());
  }
  return out;
}

}  // namespace settle
