#include "machine/fields.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "machine/force_table.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

void check(const Eigen::VectorXd& values, Eigen::Index size, const char* what) {
  if (values.size() != size) throw error("fields: {} has {} values, {} are needed", what, values.size(), size);
  if (!values.allFinite()) throw error("fields: {} holds a value that is not finite", what);
}

Eigen::VectorXd static_fields(const Machine& machine) {
  Eigen::VectorXd h(cell_count(machine));
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Layer& layer = machine.layers[l];
    const int shared = layer.cells() / static_cast<int>(layer.field.size());  // sites that share the same field
    h.segment(layer_offset(machine, static_cast<int>(l)), layer.cells()) = layer.field.replicate(shared, 1);
  }
  return h;
}

const Layer& layer_at(const Machine& machine, std::size_t l) { return machine.layers[l]; }

// The activations of all layers that have one, zero elsewhere.
Eigen::VectorXd activations(const Machine& machine, const Conditioning& conditioning) {
  if (conditioning.layers.size() != machine.layers.size()) {
    throw error("fields: activations of {} layers, the machine has {}", conditioning.layers.size(),
                machine.layers.size());
  }
  Eigen::VectorXd z = Eigen::VectorXd::Zero(cell_count(machine));
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    if (conditioning.layers[l].size() == 0) continue;
    check(conditioning.layers[l], layer_at(machine, l).cells(),
          ("the activation of layer " + layer_at(machine, l).name).c_str());
    z.segment(layer_offset(machine, static_cast<int>(l)), conditioning.layers[l].size()) = conditioning.layers[l];
  }
  return z;
}

// The static field, with that of every layer that has an activation replaced by the matching part of `h`.
Eigen::VectorXd with_static_fields(const Machine& machine, const Conditioning& conditioning, const Eigen::VectorXd& h) {
  Eigen::VectorXd result = static_fields(machine);
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const int offset = layer_offset(machine, static_cast<int>(l));
    result.segment(offset, conditioning.layers[l].size()) = h.segment(offset, conditioning.layers[l].size());
  }
  return result;
}

// M without what acts between layers, times z.
Eigen::VectorXd own_force(Machine machine, const Eigen::VectorXd& z) {
  const auto between = [](const Bus& bus) { return bus.source != bus.target; };
  machine.buses.erase(std::remove_if(machine.buses.begin(), machine.buses.end(), between), machine.buses.end());
  return LinearForce(machine)(z);
}

// The force tables at z.
Eigen::VectorXd table_force(const Machine& machine, const Eigen::VectorXd& z) {
  Eigen::VectorXd g = Eigen::VectorXd::Zero(z.size());
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Layer& layer = layer_at(machine, l);
    if (layer.force.empty()) continue;
    const ForceTable table(layer.name, layer.force, layer.scale * kStateRange);
    const int offset = layer_offset(machine, static_cast<int>(l));
    for (int i = offset; i < offset + layer.cells(); ++i) g[i] = table(z[i]);
  }
  return g;
}

// A e for every site of a held layer.
Eigen::VectorXd holding_field(const Machine& machine, std::size_t l, const Eigen::VectorXd& activation) {
  const Layer& layer = layer_at(machine, l);
  check(activation, layer.cells(), ("the activation of layer " + layer.name).c_str());
  const Eigen::MatrixXd own = site_matrix(machine, static_cast<int>(l));
  return (own * activation.reshaped(layer.site_cells, layer.sites())).reshaped();
}

// The interface's output and hidden vector at every site of its target.
void add_interface(const Machine& machine, const Eigen::VectorXd& source, Eigen::VectorXd& h) {
  const Interface& interface = machine.interface;
  const Layer& target = machine.layers[static_cast<std::size_t>(interface.target)];
  const Eigen::Index width = interface.down.cols();
  const int half_rows = (target.height + 1) / 2, half_columns = (target.width + 1) / 2;
  const bool same = source.size() == width * target.sites();
  if (!same) check(source, width * half_rows * half_columns, "the interface's activation");
  const int first = layer_offset(machine, interface.target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const int from = same ? y * target.width + x : (y / 2) * half_columns + x / 2;
      const int site = y * target.width + x;
      Eigen::VectorXd hidden;
      h.segment(first + site * target.site_cells, target.site_cells) +=
          interface.field(source.segment(from * width, width), &hidden);
      if (interface.anchor < 0) continue;
      h.segment(layer_offset(machine, interface.anchor) + site * hidden.size(), hidden.size()) += hidden;
    }
  }
}

}  // namespace

Conditioning pair_conditioning(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& interface,
                               const Eigen::VectorXd& decoder) {
  if (machine.encoder < 0) throw error("fields: the machine has no encoder layer");
  Conditioning conditioning;
  conditioning.layers.resize(machine.layers.size());
  conditioning.layers[static_cast<std::size_t>(machine.encoder)] = encoder;
  conditioning.layers[static_cast<std::size_t>(machine.decoder)] = decoder;
  conditioning.interface = interface;
  return conditioning;
}

Eigen::VectorXd fields(const Machine& machine, const Conditioning& conditioning, InterfaceMode mode) {
  Eigen::VectorXd h = static_fields(machine);
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Layer& layer = layer_at(machine, l);
    const int first = layer_offset(machine, static_cast<int>(l));
    if (layer.held) h.segment(first, layer.cells()) += holding_field(machine, l, conditioning.layers.at(l));
    if (layer.noise_level.size() == 0 || conditioning.noise_change.size() == 0) continue;
    check(conditioning.noise_change, layer.noise_level.cols(), "the change of the noise features");
    h.segment(first, layer.cells()) += (layer.noise_level * conditioning.noise_change).replicate(layer.sites(), 1);
  }
  const Interface& interface = machine.interface;
  if (interface.source.empty()) return h;
  if (mode == InterfaceMode::normal) {
    add_interface(machine, conditioning.interface, h);
    return h;
  }
  h.segment(layer_offset(machine, interface.target), interface.mean_field.size()) += interface.mean_field;
  if (interface.anchor >= 0) {
    h.segment(layer_offset(machine, interface.anchor), interface.mean_hidden.size()) += interface.mean_hidden;
  }
  return h;
}

Eigen::VectorXd oracle_fields(const Machine& machine, const Conditioning& conditioning) {
  const Eigen::VectorXd z = activations(machine, conditioning);
  return with_static_fields(machine, conditioning, LinearForce(machine)(z) + table_force(machine, z));
}

Eigen::VectorXd own_fields(const Machine& machine, const Conditioning& conditioning) {
  const Eigen::VectorXd z = activations(machine, conditioning);
  return with_static_fields(machine, conditioning, own_force(machine, z) + table_force(machine, z));
}

Eigen::VectorXd coupling_fields(const Machine& machine, const Conditioning& conditioning) {
  const Eigen::VectorXd z = activations(machine, conditioning);
  return own_force(machine, z) - LinearForce(machine)(z);
}

PaperPair paper_pair(const Machine& machine, int layer, const Eigen::VectorXd& x) {
  const Layer& at = machine.layers[static_cast<std::size_t>(layer)];
  check(x, at.cells(), "the state");
  const auto sites = x.reshaped(at.site_cells, at.sites());
  PaperPair pair{(site_matrix(machine, layer) * sites).reshaped(), Eigen::VectorXd::Zero(x.size())};
  for (const Bus& bus : machine.buses) {
    if (bus.source != layer || bus.target != layer) continue;
    pair.self += 0.5 * (bus.target_matrix * (bus.source_matrix.transpose() * sites)).reshaped();
  }
  return pair;
}

}  // namespace settle
