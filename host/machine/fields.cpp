#include "machine/fields.hpp"

#include <algorithm>

#include "core/error.hpp"
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
    const int shared = layer.cells() / static_cast<int>(layer.field.size());  // sites that take the same field
    h.segment(layer_offset(machine, static_cast<int>(l)), layer.cells()) = layer.field.replicate(shared, 1);
  }
  return h;
}

// The pair's states put at their places among all cells, zero elsewhere.
Eigen::VectorXd pair_state(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& decoder) {
  if (machine.encoder < 0) throw error("fields: the machine has no encoder layer");
  check(encoder, machine.layers[static_cast<std::size_t>(machine.encoder)].cells(), "the encoder activation");
  check(decoder, machine.layers[static_cast<std::size_t>(machine.decoder)].cells(), "the decoder activation");
  Eigen::VectorXd z = Eigen::VectorXd::Zero(cell_count(machine));
  z.segment(layer_offset(machine, machine.encoder), encoder.size()) = encoder;
  z.segment(layer_offset(machine, machine.decoder), decoder.size()) = decoder;
  return z;
}

// Static fields, with those of encoder and decoder replaced by the matching parts of `h`.
Eigen::VectorXd pair_fields(const Machine& machine, const Eigen::VectorXd& h) {
  Eigen::VectorXd result = static_fields(machine);
  for (const int layer : {machine.encoder, machine.decoder}) {
    const int offset = layer_offset(machine, layer);
    const int cells = machine.layers[static_cast<std::size_t>(layer)].cells();
    result.segment(offset, cells) = h.segment(offset, cells);
  }
  return result;
}

// M without what acts between layers, times z.
Eigen::VectorXd own_force(Machine machine, const Eigen::VectorXd& z) {
  const auto between = [](const Bus& bus) { return bus.source != bus.target; };
  machine.buses.erase(std::remove_if(machine.buses.begin(), machine.buses.end(), between), machine.buses.end());
  return LinearForce(machine)(z);
}

}  // namespace

Eigen::VectorXd fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& bottleneck,
                       InterfaceMode mode) {
  Eigen::VectorXd h = static_fields(machine);
  if (machine.anchored) {
    if (machine.encoder < 0) throw error("fields: the machine is anchored but has no encoder layer");
    check(encoder, machine.layers[static_cast<std::size_t>(machine.encoder)].cells(), "the encoder activation");
    h.segment(layer_offset(machine, machine.encoder), encoder.size()) +=
        site_matrix(machine, machine.encoder) * encoder;
  }
  const Interface& interface = machine.interface;
  if (interface.source.empty()) return h;

  Eigen::VectorXd output = interface.mean_field;
  Eigen::VectorXd hidden = interface.mean_hidden;
  if (mode == InterfaceMode::normal) {
    output = interface.field(interface.source == "encoder" ? encoder : bottleneck, &hidden);
  }
  h.segment(layer_offset(machine, interface.target), output.size()) += output;
  if (interface.anchor >= 0) h.segment(layer_offset(machine, interface.anchor), hidden.size()) += hidden;
  return h;
}

Eigen::VectorXd oracle_fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& decoder) {
  return pair_fields(machine, LinearForce(machine)(pair_state(machine, encoder, decoder)));
}

Eigen::VectorXd own_fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& decoder) {
  return pair_fields(machine, own_force(machine, pair_state(machine, encoder, decoder)));
}

Eigen::VectorXd coupling_fields(const Machine& machine, const Eigen::VectorXd& encoder,
                                const Eigen::VectorXd& decoder) {
  const Eigen::VectorXd z = pair_state(machine, encoder, decoder);
  return own_force(machine, z) - LinearForce(machine)(z);
}

PaperPair paper_pair(const Machine& machine, int layer, const Eigen::VectorXd& x) {
  check(x, machine.layers[static_cast<std::size_t>(layer)].cells(), "the state");
  PaperPair pair{site_matrix(machine, layer) * x, Eigen::VectorXd::Zero(x.size())};
  for (const Bus& bus : machine.buses) {
    if (bus.source == layer && bus.target == layer)
      pair.self += 0.5 * bus.target_matrix * (bus.source_matrix.transpose() * x);
  }
  return pair;
}

}  // namespace settle
