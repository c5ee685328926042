#include "fit/maps/machine_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"
#include "network/layers/convolution.hpp"

namespace settle {
namespace {

using Kind = Node::Kind;

/// One number per channel.
Eigen::VectorXd per_channel(const Eigen::VectorXf& values, int channels) {
  return values.size() == 1 ? Eigen::VectorXd::Constant(channels, static_cast<double>(values[0]))
                            : Eigen::VectorXd(values.cast<double>());
}

class Planner {
 public:
  Planner(const Graph& network, double sigma) : network_(network), sigma_(sigma) {}

  void hold(const std::string& map) {
    PlannedLayer layer;
    layer.name = map;
    layer.value.map = map;
    layer.size = map_size(network_, map);
    layer.held = true;
    add(std::move(layer));
  }

  /// A map that comes another way than from a layer: its mixture names a layer that is not there.
  void give(const std::string& map) { mixtures_[map] = single(map, map, map_size(network_, map)); }

  /// A map that is these values, [channels x sites], whatever the image.
  void fix(const std::string& map, const Eigen::MatrixXd& values) {
    mixtures_[map] = {map_size(network_, map), {}, values, {}};
  }

  /// Nothing but these maps may become layers that settle: an Error otherwise.
  void settle_only(const std::vector<std::string>& maps) { allowed_ = maps; }

  const Mixture& mixture(const std::string& name) {
    const auto found = mixtures_.find(name);
    if (found != mixtures_.end()) return found->second;
    if (name == kImageNode) {
      hold(name);
      return mixtures_.at(name);
    }
    return mixtures_[name] = made(network_.node(name));
  }

  /// The layer that holds the map of that name as it is; linear cells are made for one if there is none.
  std::string layer_of(const std::string& name) {
    const Mixture& there = mixture(name);
    if (is_single(there)) return there.segments[0].parts[0].layer;
    return materialised(name);
  }

  MachinePlan plan;

 private:
  [[noreturn]] void refuse(const Node& node, const std::string& why) const {
    throw error("network {}: node {} ({}): {}", network_.name, node.name, kind_name(node.kind), why);
  }

  bool has_layer(const std::string& name) const {
    return std::any_of(plan.layers.begin(), plan.layers.end(), [&](const PlannedLayer& l) { return l.name == name; });
  }

  /// Whether it is what one layer holds. Clamped cells do not: their layer is a part of the map.
  bool is_single(const Mixture& m) const {
    if (m.segments.size() != 1 || has_offset(m) || m.noise.size() > 0) return false;
    const MapSegment& s = m.segments[0];
    if (s.step != Resolution::same || s.parts.size() != 1 || !has_layer(s.parts[0].layer)) return false;
    return s.parts[0].weights.isIdentity(0) && !plan.layer(s.parts[0].layer).moving;
  }

  void add(PlannedLayer layer) {
    if (!allowed_.empty() && !layer.held && std::count(allowed_.begin(), allowed_.end(), layer.name) == 0) {
      throw error("network {}: the plan needs a layer for {}, which neither is held nor settles", network_.name,
                  layer.name);
    }
    mixtures_[layer.name] = single(layer.name, layer.name, layer.size);
    plan.layers.push_back(std::move(layer));
  }

  /// Linear cells for the map.
  std::string materialised(const std::string& name) {
    PlannedLayer layer;
    layer.value.map = name;
    layer.size = map_size(network_, name);
    layer.drive = drive_of(name);
    layer.name = has_layer(name) ? name + ".all" : name;  // the name of a part of it
    const std::string made = layer.name;
    mixtures_[name] = single(made, name, layer.size);
    add(std::move(layer));
    return made;
  }

  const Mixture& materialised_mixture(const std::string& name) {
    layer_of(name);
    return mixture(name);
  }

  /// What makes up the map as the field of cells.
  Drive drive_of(const std::string& name) {
    Drive drive;
    if (name != kImageNode) {
      const Node& node = network_.node(name);
      if (node.kind == Kind::convolution && node.window.stride == 1) return convolution_drive(node, node.window);
    }
    drive.input = mixture(name);
    const int channels = drive.input.size.channels;
    drive.weights = Kernel::Identity(channels, channels);
    drive.offset = drive.input.offset;
    drive.noise = drive.input.noise;
    return drive;
  }

  Drive convolution_drive(const Node& node, KernelWindow window) {
    window.stride = 1;
    Drive drive;
    drive.is_convolution = true;
    drive.window = window;
    drive.weights = node.weights;
    const bool spatial = window.taps() > 1;
    drive.input = mixture(node.inputs[0]);
    // At the border a convolution sees nought beyond the grid, not what a change of the noise level adds.
    if (spatial && drive.input.noise.size() > 0) drive.input = materialised_mixture(node.inputs[0]);
    const Grid grid = drive.input.size.grid;
    if (window.result(grid) != grid) refuse(node, "its padding does not keep the grid");
    drive.offset = bias_at(network_, node, sigma_).cast<double>();
    if (has_offset(drive.input)) {
      const Map made = convolve(offset_map(drive.input).cast<float>(), grid, node.weights,
                                Eigen::VectorXf::Zero(node.weights.rows()), window);
      const Eigen::VectorXd bias = drive.offset;
      drive.offset = made.cast<double>().colwise() + bias;
      if (!spatial) drive.offset = drive.offset.leftCols(drive.input.offset.cols()).eval();
    }
    if (node.noise.size() > 0) drive.noise = node.noise.cast<double>();
    if (drive.input.noise.size() > 0) {
      const Eigen::MatrixXd more = node.weights.cast<double>() * drive.input.noise;
      drive.noise = drive.noise.size() == 0 ? more : Eigen::MatrixXd(drive.noise + more);
    }
    return drive;
  }

  Mixture made(const Node& node) {
    switch (node.kind) {
      case Kind::activation:
        return activated_mixture(node);
      case Kind::convolution:
        return convolved(node);
      case Kind::transposed_convolution:
        return transposed(node);
      case Kind::average_pool:
        return pooled(node);
      case Kind::upsample:
        return can_double(mixture(node.inputs[0])) ? doubled(mixture(node.inputs[0]), node.grid)
                                                   : doubled(materialised_mixture(node.inputs[0]), node.grid);
      case Kind::concatenate:
        return stacked(inputs_of(node));
      case Kind::add:
        return sum_of(inputs_of(node), node.name);
      case Kind::scale:
        return scaled(node);
    }
    refuse(node, "no machine can be made of it");
  }

  std::vector<Mixture> inputs_of(const Node& node) {
    std::vector<Mixture> inputs;
    for (const std::string& input : node.inputs) inputs.push_back(mixture(input));
    return inputs;
  }

  Mixture scaled(const Node& node) {
    const Mixture& input = mixture(node.inputs[0]);
    const Eigen::VectorXd factor = per_channel(factor_at(node, sigma_), input.size.channels);
    const Eigen::VectorXd offset = per_channel(node.offset, input.size.channels);
    return product(factor.asDiagonal().toDenseMatrix(), offset, input, node.name);
  }

  Mixture pooled(const Node& node) {
    const std::string& from = node.inputs[0];
    const Grid grid = map_size(network_, from).grid;
    if (half_grid(grid, node.edge) != half_grid(grid)) {
      refuse(node, "it drops the odd edge of its input: a bus keeps it; pool with ceil_mode, or crop the image");
    }
    return halved(can_halve(mixture(from)) ? mixture(from) : materialised_mixture(from));
  }

  Mixture convolved(const Node& node) {
    if (node.window.stride == 2) return strided(node);
    if (node.window.taps() > 1) {
      materialised(node.name);
      return mixtures_.at(node.name);
    }
    Mixture result = product(node.weights.cast<double>(), bias_at(network_, node, sigma_).cast<double>(),
                             mixture(node.inputs[0]), node.name);
    if (node.noise.size() > 0) {
      const Eigen::MatrixXd noise = node.noise.cast<double>();
      result.noise = result.noise.size() == 0 ? noise : Eigen::MatrixXd(result.noise + noise);
    }
    return result;
  }

  /// Linear cells on the grid before it is halved. Of a block of four one moves, so four times their mean is its state.
  Mixture strided(const Node& node) {
    const Grid grid = map_size(network_, node.inputs[0]).grid;
    if (grid.height % 2 != 0 || grid.width % 2 != 0) {
      refuse(node, "stride 2 on a grid with an odd side: use average pooling, or images whose sides can be halved");
    }
    PlannedLayer layer;
    layer.name = node.name + ".sites";
    layer.value.map = node.name;
    layer.size = {node.size.channels, grid};
    layer.drive = strided_drive(node);
    layer.moving = PlannedLayer::Moving{0, 0};
    Mixture result = single(layer.name, layer.name, layer.size);
    result.segments[0].parts[0].weights *= 4;
    result.segments[0].map = node.name;
    add(std::move(layer));
    Mixture half = halved(result);
    half.segments[0].map_after_step = true;
    return half;
  }

  Drive strided_drive(const Node& node) {
    KernelWindow window = node.window;
    // The same taps at every site: what lies beyond the grid counts as nought, whatever the padding says of it.
    window.bottom = window.height - 1 - window.top;
    window.right = window.width - 1 - window.left;
    return convolution_drive(node, window);
  }

  Mixture transposed(const Node& node) {
    const Mixture input =
        can_double(mixture(node.inputs[0])) ? mixture(node.inputs[0]) : materialised_mixture(node.inputs[0]);
    const Grid grid = node.size.grid;
    const int outputs = node.size.channels;
    std::vector<Mixture> parts;
    for (int p = 0; p < 4; ++p) {
      Kernel weights(outputs, node.weights.cols());
      for (int o = 0; o < outputs; ++o) weights.row(o) = node.weights.row(4 * o + p);
      PlannedLayer layer;
      layer.name = node.name + "." + std::to_string(p / 2) + std::to_string(p % 2);
      layer.value.map = node.name;
      layer.size = {outputs, grid};
      layer.moving = PlannedLayer::Moving{p / 2, p % 2};
      layer.drive.input = doubled(input, grid);
      layer.drive.weights = weights;
      layer.drive.is_convolution = true;
      layer.drive.offset = weights.cast<double>() * layer.drive.input.offset;
      layer.drive.offset.colwise() += node.bias.cast<double>();
      if (layer.drive.input.noise.size() > 0) layer.drive.noise = weights.cast<double>() * layer.drive.input.noise;
      parts.push_back(single(layer.name, node.name, layer.size));
      add(std::move(layer));
    }
    return sum_of(parts, node.name);
  }

  Mixture activated_mixture(const Node& node) {
    const std::string& from = node.inputs[0];
    if (node.activation.kind == Activation::Kind::identity) return mixture(from);
    PlannedLayer layer;
    layer.name = layer.value.map = node.name;
    layer.size = node.size;
    layer.answer =
        cell_answer(node.activation, node.size.channels, fmt::format("network {}: node {}", network_.name, node.name));
    const CellAnswer answer = *layer.answer;
    if (!answer.needs_linear_cell()) {
      layer.drive = drive_of(from);
      add(std::move(layer));
      return mixtures_.at(node.name);
    }
    layer.beside = layer_of(from);
    // The same field as the linear cell has, or that cell's own state where it is held.
    PlannedLayer& linear = *std::find_if(plan.layers.begin(), plan.layers.end(),
                                         [&](const PlannedLayer& l) { return l.name == layer.beside; });
    linear.has_companion = !linear.held && !linear.answer;
    layer.drive = linear.held || linear.answer ? drive_of(from) : linear.drive;
    layer.value.added = from;
    layer.value.added_factor = -answer.rest;
    layer.value.share = answer.share;
    Mixture cells = single(layer.name, node.name, node.size);
    cells.segments[0].parts[0].weights = answer.share.asDiagonal();
    cells.segments[0].parts.push_back({layer.beside, answer.rest.asDiagonal()});
    add(std::move(layer));
    return cells;
  }

  const Graph& network_;
  double sigma_;
  std::vector<std::string> allowed_;
  std::map<std::string, Mixture> mixtures_;
};

/// The map from which, with the image, the output follows by sums and scales alone.
std::string last_map(const Graph& network) {
  // What is made of the image by scales and sums alone.
  std::set<std::string> of_image = {kImageNode};
  for (const Node& node : network.nodes) {
    const bool linear = node.kind == Kind::scale || node.kind == Kind::add;
    const bool all = std::all_of(node.inputs.begin(), node.inputs.end(),
                                 [&](const std::string& input) { return of_image.count(input) != 0; });
    if (linear && all) of_image.insert(node.name);
  }
  std::string at = network.output;
  for (;;) {
    if (of_image.count(at) != 0) {
      throw error("network {}: its output is sums of the image alone: there is nothing to settle", network.name);
    }
    const Node& node = network.node(at);
    if (node.kind == Kind::activation && node.activation.kind == Activation::Kind::identity) {
      at = node.inputs[0];
      continue;
    }
    if (node.kind != Kind::scale && node.kind != Kind::add) return at;
    std::vector<std::string> others;
    for (const std::string& input : node.inputs) {
      if (of_image.count(input) == 0) others.push_back(input);
    }
    if (others.size() != 1) return at;
    at = others[0];
  }
}

}  // namespace

const PlannedLayer& MachinePlan::layer(const std::string& name) const {
  for (const PlannedLayer& l : layers) {
    if (l.name == name) return l;
  }
  throw error("plan: no layer {}", name);
}

MachinePlan plan_of_maps(const Graph& network, double sigma, const std::vector<std::string>& held,
                         const std::vector<std::string>& settles, const std::string& interfaced) {
  Planner planner(network, sigma);
  for (const std::string& map : held) planner.hold(map);
  if (!interfaced.empty()) planner.give(interfaced);
  planner.settle_only(settles);
  for (const std::string& map : settles) planner.layer_of(map);
  planner.plan.readout = planner.plan.readout_map = settles.back();
  return std::move(planner.plan);
}

MachinePlan plan_of_network(const Graph& network, double sigma,
                            const std::map<std::string, Eigen::MatrixXd>& constants) {
  Planner planner(network, sigma);
  for (const auto& [map, values] : constants) planner.fix(map, values);
  for (const Node* map : layer_maps(network)) {
    if (map->kind == Kind::scale) planner.hold(map->name);
  }
  const std::string last = last_map(network);
  planner.plan.readout = planner.layer_of(last);
  planner.plan.readout_map = last;
  return std::move(planner.plan);
}

}  // namespace settle
