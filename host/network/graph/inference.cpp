#include "network/graph/inference.hpp"

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "network/graph/queries.hpp"

namespace settle {
namespace {

using Kind = Node::Kind;

void check_sigma(const NoiseLevels& levels, double sigma) {
  if (sigma >= levels.lowest && sigma <= levels.highest) return;
  if (levels.lowest == levels.highest) throw error("network: sigma is {}, it was made for {}", sigma, levels.lowest);
  throw error("network: sigma is {}, {} to {} is allowed", sigma, levels.lowest, levels.highest);
}

void check_size(const std::string& name, const Map& map, const MapSize& size) {
  if (map.rows() != size.channels || map.cols() != size.grid.sites()) {
    throw error("network: {} has {} channels of {} sites, {} is needed", name, map.rows(), map.cols(), size_text(size));
  }
}

double edm_factor(const Node& node, double sigma) {
  const double data = node.sigma_data * node.sigma_data, total = sigma * sigma + data;
  switch (node.noise_factor) {
    case Node::NoiseFactor::one:
      return 1;
    case Node::NoiseFactor::edm_in:
      return 1 / std::sqrt(total);
    case Node::NoiseFactor::edm_skip:
      return data / total;
    case Node::NoiseFactor::edm_out:
      return sigma * node.sigma_data / std::sqrt(total);
  }
  throw error("network: {}: no such factor", node.name);
}

Map scaled(const Node& node, const Map& map, double sigma) {
  const Eigen::VectorXf factor = factor_at(node, sigma);
  Map result = factor.size() == 1 ? Map(factor(0) * map) : Map(factor.asDiagonal() * map);
  if (node.offset.size() == 1) {
    if (node.offset(0) != 0) result.array() += node.offset(0);
  } else {
    result.colwise() += node.offset;
  }
  return result;
}

Map concatenated(const std::vector<const Map*>& inputs) {
  Map result = *inputs[0];
  for (std::size_t i = 1; i < inputs.size(); ++i) result = stack(result, *inputs[i]);
  return result;
}

Map sum(const std::vector<const Map*>& inputs) {
  Map result = *inputs[0];
  for (std::size_t i = 1; i < inputs.size(); ++i) result += *inputs[i];
  return result;
}

}  // namespace

Eigen::VectorXf noise_features(const NoiseLevels& levels, double sigma) {
  check_sigma(levels, sigma);
  const double pi = 3.14159265358979323846;
  Eigen::VectorXf features(levels.features);
  const double range = std::log(levels.highest / levels.lowest);
  const double u = range > 0 ? std::log(sigma / levels.lowest) / range : 0.0;
  for (int k = 1; k <= levels.features; ++k) {
    features(k - 1) = static_cast<float>(std::cos(k * pi * std::fmin(1.0, std::fmax(0.0, u))));
  }
  return features;
}

Eigen::VectorXf bias_at(const Graph& graph, const Node& node, double sigma) {
  check_sigma(graph.noise_levels, sigma);
  if (node.noise.size() == 0) return node.bias;
  return node.bias + node.noise * noise_features(graph.noise_levels, sigma);
}

Eigen::VectorXf factor_at(const Node& node, double sigma) {
  if (node.noise_factor == Node::NoiseFactor::one) return node.factor;
  return static_cast<float>(edm_factor(node, sigma)) * node.factor;
}

Map evaluate(const Graph& graph, const Node& node, const std::vector<const Map*>& inputs, double sigma) {
  const auto grid = [&] {  // of the first input
    const std::string& name = node.inputs.at(0);
    return name == kImageNode ? graph.image.grid : graph.node(name).size.grid;
  };
  const Map& map = *inputs.at(0);
  switch (node.kind) {
    case Kind::convolution:
      return convolve(map, grid(), node.weights, bias_at(graph, node, sigma), node.window);
    case Kind::transposed_convolution:
      return transposed_convolve(map, grid(), node.weights, node.bias);
    case Kind::average_pool:
      return halve(map, grid(), node.edge);
    case Kind::upsample:
      return twice(map, node.grid);
    case Kind::concatenate:
      return concatenated(inputs);
    case Kind::add:
      return sum(inputs);
    case Kind::scale:
      return scaled(node, map, sigma);
    case Kind::activation:
      return activated(node.activation, map);
  }
  throw error("network: {}: no such kind of node", node.name);
}

void complete(const Graph& graph, double sigma, const std::string& wanted, Maps& maps) {
  check_sigma(graph.noise_levels, sigma);
  for (const auto& [name, map] : maps) check_size(name, map, name == kImageNode ? graph.image : graph.node(name).size);
  if (maps.count(wanted) != 0) return;
  std::set<std::string> given;
  for (const auto& [name, unused] : maps) given.insert(name);
  for (const Node* node : needed(graph, wanted, given)) {
    std::vector<const Map*> inputs;
    for (const std::string& input : node->inputs) {
      if (maps.count(input) == 0) throw error("network: {} needs the image", wanted);
      inputs.push_back(&maps.at(input));
    }
    maps[node->name] = evaluate(graph, *node, inputs, sigma);
  }
}

Maps run(const Graph& graph, const Map& image, double sigma) {
  check_size(kImageNode, image, graph.image);
  if (!image.allFinite()) throw error("network: the image has a pixel that is not finite");
  Maps maps = {{kImageNode, image}};
  complete(graph, sigma, graph.output, maps);
  return maps;
}

}  // namespace settle
