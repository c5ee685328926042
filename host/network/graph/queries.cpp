#include "network/graph/queries.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {
namespace {

using Kind = Node::Kind;

bool is_scaled_image(const Graph& graph, const Node& node) {
  if (node.kind != Kind::scale || node.inputs[0] != kImageNode) return false;
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [&](const Node& user) { return user.kind == Kind::convolution && user.inputs[0] == node.name; });
}

void add_sources(const Graph& graph, const std::string& name, std::vector<std::string>& sources) {
  if (name == kImageNode) {
    sources.push_back(name);
    return;
  }
  const Node& node = graph.node(name);
  switch (node.kind) {
    case Kind::average_pool:
    case Kind::upsample:
    case Kind::concatenate:
      for (const std::string& input : node.inputs) add_sources(graph, input, sources);
      return;
    case Kind::activation:
    case Kind::scale:
      sources.push_back(name);
      return;
    default:
      throw error("network {}: {} is a {}, which no bus can carry yet", graph.name, name, kind_name(node.kind));
  }
}

}  // namespace

std::vector<const Node*> layer_maps(const Graph& graph) {
  std::vector<const Node*> maps;
  for (const Node& node : graph.nodes) {
    if (node.kind == Kind::activation || is_scaled_image(graph, node)) maps.push_back(&node);
  }
  return maps;
}

const Node& layer_map(const Graph& graph, const std::string& name, const std::string& where) {
  std::vector<std::string> known;
  for (const Node* map : layer_maps(graph)) {
    if (map->name == name) return *map;
    known.push_back(map->name);
  }
  throw error("{}: \"{}\" is no map of the network; {} are", where, name, fmt::join(known, ", "));
}

const MapSize& map_size(const Graph& graph, const std::string& name) {
  return name == kImageNode ? graph.image : graph.node(name).size;
}

const MapSize& network_map(const Graph& graph, const std::string& name, const std::string& where) {
  const bool known = name == kImageNode || std::any_of(graph.nodes.begin(), graph.nodes.end(),
                                                       [&](const Node& node) { return node.name == name; });
  return known ? map_size(graph, name) : layer_map(graph, name, where).size;  // which says what there is
}

std::vector<std::string> convolved_maps(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) {
    if (node.kind != Kind::activation || node.inputs[0] == kImageNode) continue;
    if (graph.node(node.inputs[0]).kind == Kind::convolution) names.push_back(node.name);
  }
  return names;
}

const Node& convolution_behind(const Graph& graph, const std::string& map) {
  const Node* node = &graph.node(map);
  if (node->kind == Kind::activation && node->inputs[0] != kImageNode) node = &graph.node(node->inputs[0]);
  if (node->kind != Kind::convolution) throw error("network {}: no convolution makes {}", graph.name, map);
  return *node;
}

std::vector<std::string> sources_of(const Graph& graph, const std::string& map) {
  std::vector<std::string> sources;
  add_sources(graph, convolution_behind(graph, map).inputs[0], sources);
  return sources;
}

std::vector<const Node*> needed(const Graph& graph, const std::string& wanted, const std::set<std::string>& given) {
  graph.node(wanted);
  std::set<std::string> names = {wanted};
  std::vector<const Node*> nodes;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (names.count(node->name) == 0 || given.count(node->name) != 0) continue;
    nodes.push_back(&*node);
    names.insert(node->inputs.begin(), node->inputs.end());
  }
  std::reverse(nodes.begin(), nodes.end());
  return nodes;
}

std::set<std::string> maps_beside(const Graph& graph, const std::string& map) {
  std::set<std::string> following = {map}, others;
  for (const Node& node : graph.nodes) {
    const bool follows = std::any_of(node.inputs.begin(), node.inputs.end(),
                                     [&](const std::string& input) { return following.count(input) != 0; });
    if (follows) following.insert(node.name);
  }
  for (const Node* node : needed(graph, graph.output, {map})) {
    if (following.count(node->name) == 0) continue;
    for (const std::string& input : node->inputs) {
      if (following.count(input) == 0) others.insert(input);
    }
  }
  return others;
}

double operations(const Graph& graph, const Node& node) {
  if (node.kind != Kind::convolution && node.kind != Kind::transposed_convolution) return 0;
  // A transposed convolution makes four sites of each that it takes in, with one tap for each.
  const Grid grid = node.kind == Kind::convolution ? node.size.grid : graph.node(node.inputs[0]).size.grid;
  return 2.0 * static_cast<double>(node.weights.size()) * grid.sites();
}

double operations(const Graph& graph, const std::vector<const Node*>& nodes) {
  double sum = 0;
  for (const Node* node : nodes) sum += operations(graph, *node);
  return sum;
}

double operations(const Graph& graph) { return operations(graph, needed(graph, graph.output, {})); }

}  // namespace settle
