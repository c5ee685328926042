#include "network/onnx/merge.hpp"

#include <algorithm>
#include <map>

namespace settle {
namespace {

/// One number per channel.
Eigen::VectorXd each_channel(const Eigen::VectorXf& numbers, Eigen::Index channels) {
  if (numbers.size() == 1) return Eigen::VectorXd::Constant(channels, static_cast<double>(numbers(0)));
  return numbers.cast<double>();
}

bool can_merge(const Node& scale) { return scale.factor.size() > 1 || scale.factor(0) == 1; }

void merge(const Node& scale, Node& convolution) {
  const Eigen::Index channels = convolution.bias.size(), rows = convolution.weights.rows() / channels;
  const Eigen::VectorXd factor = each_channel(scale.factor, channels), offset = each_channel(scale.offset, channels);
  for (Eigen::Index row = 0; row < convolution.weights.rows(); ++row) {
    convolution.weights.row(row) = (convolution.weights.row(row).cast<double>() * factor(row / rows)).cast<float>();
  }
  convolution.bias = (convolution.bias.cast<double>().cwiseProduct(factor) + offset).cast<float>();
}

}  // namespace

void merge_scales(std::vector<Node>& nodes, std::string& output) {
  std::map<std::string, int> users = {{output, 1}};
  std::map<std::string, Node*> convolutions;
  for (Node& node : nodes) {
    for (const std::string& input : node.inputs) ++users[input];
    if (node.kind == Node::Kind::convolution || node.kind == Node::Kind::transposed_convolution)
      convolutions[node.name] = &node;
  }
  std::map<std::string, std::string> merged;  // a scale's name, and the convolution's that does it now
  for (const Node& node : nodes) {
    if (node.kind != Node::Kind::scale || !can_merge(node)) continue;
    const auto found = convolutions.find(node.inputs[0]);
    if (found == convolutions.end() || users[found->first] != 1) continue;
    merge(node, *found->second);
    merged[node.name] = found->first;
  }
  const auto rename = [&](std::string& name) {
    const auto found = merged.find(name);
    if (found != merged.end()) name = found->second;
  };
  for (Node& node : nodes) std::for_each(node.inputs.begin(), node.inputs.end(), rename);
  rename(output);
  nodes.erase(std::remove_if(nodes.begin(), nodes.end(), [&](const Node& n) { return merged.count(n.name) != 0; }),
              nodes.end());
}

}  // namespace settle
