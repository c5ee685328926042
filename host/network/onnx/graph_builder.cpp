#include "network/onnx/graph_builder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace settle {
namespace {

constexpr char kOnTheWay = '\t';  // in no name that anyone gives

/// As the graph keeps them: one number where all channels have the same.
Eigen::VectorXf numbers_of(const Channels& channels) {
  if (channels.size() > 1 && (channels == channels(0)).all()) return channels.head(1).cast<float>();
  return channels.cast<float>();
}

Activation plain(Activation::Kind kind) {
  Activation activation;
  activation.kind = kind;
  return activation;
}

}  // namespace

GraphBuilder::GraphBuilder(const std::string& input, const MapSize& image) {
  image_.name = input;
  image_.size = image;
  image_.source = std::make_shared<Source>();
  image_.source->node = kImageNode;
}

MapValue GraphBuilder::add(Node node, const std::string& op, const std::string& name, const MapSize& size) {
  node.name = new_name(op, name);
  made_[name] = node.name;
  MapValue value;
  value.name = name;
  value.size = size;
  value.source = std::make_shared<Source>();
  value.source->node = node.name;
  nodes_.push_back(std::move(node));
  return value;
}

std::string GraphBuilder::node_of(const OperatorCall& call, const MapValue& map) {
  if (is_identity(map.polynomial)) return node_of_source(call, map);
  const auto known = made_.find(map.name);
  if (known != made_.end()) return known->second;
  if (!is_line(map.polynomial)) {
    call.refuse("{} is a product of maps: only GELU (torch's two forms) and SiLU may hold one", map.name);
  }
  Node node;
  node.kind = Node::Kind::scale;
  node.inputs = {node_of_source(call, map)};
  node.factor = numbers_of(map.polynomial[1]);
  node.offset = numbers_of(map.polynomial[0]);
  return add(std::move(node), "scale", map.name, map.size).source->node;
}

std::string GraphBuilder::node_of_source(const OperatorCall& call, const MapValue& map) {
  Source& source = *map.source;
  if (!source.node.empty()) return source.node;
  if (source.function == Source::Function::erf) call.refuse("Erf is known as a part of GELU alone: use GELU or Tanh");
  const bool tanh = source.function == Source::Function::tanh;
  const Activation activation = plain(tanh ? Activation::Kind::tanh : Activation::Kind::sigmoid);
  source.node = activated(call, *source.argument, activation, source.name).source->node;
  return source.node;
}

MapValue GraphBuilder::activated(const OperatorCall& call, const MapValue& map, const Activation& activation,
                                 const std::string& name) {
  Node node;
  node.kind = Node::Kind::activation;
  node.inputs = {node_of(call, map)};
  node.activation = activation;
  return add(std::move(node), activation_name(activation.kind), name, map.size);
}

std::string GraphBuilder::new_name(const std::string& op, const std::string& value) {
  std::string name = clean_name(value);
  // Older exports number their values.
  if (name.find_first_not_of("0123456789") == std::string::npos)
    name = clean_name(op) + (name.empty() ? "" : "_" + name);
  std::string unique = name;
  for (int i = 2; !names_.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
  return unique;
}

std::string clean_name(const std::string& name) {
  constexpr std::size_t kLongest = 100;
  const std::string suffix = "_output_0";
  std::string clean = name;
  const std::size_t end = std::min(clean.find(kOnTheWay), clean.size());
  if (end > suffix.size() && clean.compare(end - suffix.size(), suffix.size(), suffix) == 0) {
    clean.erase(end - suffix.size(), suffix.size());
  }
  for (char& c : clean) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == '/' || c == ':') c = '.';
    if (!letter && c != '.' && c != '-') c = '_';
  }
  clean.erase(0, std::min(clean.find_first_not_of(".-"), clean.size()));
  if (clean.size() > kLongest) clean.resize(kLongest);
  return clean;
}

std::string name_on_the_way(const std::string& name, const std::string& what) { return name + kOnTheWay + what; }

MapValue scaled(const MapValue& map, const Channels& factor, const Channels& offset, const std::string& name) {
  MapValue result = map;
  result.name = name;
  result.polynomial = scaled(map.polynomial, factor, offset);
  return result;
}

}  // namespace settle
