#include "network/graph/graph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {
namespace {

using Kind = Node::Kind;

constexpr std::array<std::pair<Kind, const char*>, 8> kKinds = {
    {{Kind::convolution, "convolution"},
     {Kind::transposed_convolution, "transposed_convolution"},
     {Kind::average_pool, "average_pool"},
     {Kind::upsample, "upsample"},
     {Kind::concatenate, "concatenate"},
     {Kind::add, "add"},
     {Kind::scale, "scale"},
     {Kind::activation, "activation"}}};

class Checker {
 public:
  Checker(Graph& graph, const std::string& where) : graph_(graph), where_(where) {}

  void check() {
    check_size(graph_.image, "image");
    const NoiseLevels& levels = graph_.noise_levels;
    if (!(levels.lowest > 0 && levels.lowest <= levels.highest && levels.highest < 1e9)) {
      fail("noise_level", "{} to {}, 0 < lowest <= highest is needed", levels.lowest, levels.highest);
    }
    if (graph_.nodes.empty()) fail("nodes", "there are none");
    if (graph_.nodes.size() > static_cast<std::size_t>(kMostNodes)) {
      fail("nodes", "{}, {} are allowed", graph_.nodes.size(), kMostNodes);
    }
    sort();
    for (Node& node : graph_.nodes) check_node(node);
    const auto output = sizes_.find(graph_.output);
    if (output == sizes_.end()) fail("output", "{}: no such node", graph_.output);
    if (output->second != graph_.image) {
      fail("output", "{} is {}, the image is {}", graph_.output, size_text(output->second), size_text(graph_.image));
    }
    check_uses();
  }

 private:
  template <typename... Args>
  [[noreturn]] void fail(const std::string& place, fmt::format_string<Args...> format, Args&&... args) const {
    throw error("{}: {}: {}", where_, place, fmt::format(format, std::forward<Args>(args)...));
  }

  void check_size(const MapSize& size, const std::string& place) const {
    const auto in = [](int value, int most) { return value >= 1 && value <= most; };
    if (!in(size.channels, kMostChannels) || !in(size.grid.height, kMostSide) || !in(size.grid.width, kMostSide)) {
      fail(place, "{} x {} x {}, 1 to {} channels and sides of 1 to {} are allowed", size.channels, size.grid.height,
           size.grid.width, kMostChannels, kMostSide);
    }
  }

  /// An order in which each node comes after its inputs: of those that may come, the first in the present order.
  void sort() {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const std::string& name = graph_.nodes[i].name;
      if (name.empty()) fail("nodes", "node {} has no name", i);
      if (name == kImageNode) fail(name, "a node cannot have the image's name");
      if (!places.emplace(name, i).second) fail(name, "two nodes have this name");
    }
    std::vector<std::vector<std::size_t>> users(graph_.nodes.size());
    std::vector<std::size_t> missing(graph_.nodes.size());
    std::set<std::size_t> ready;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      for (const std::string& input : graph_.nodes[i].inputs) {
        if (input == kImageNode) continue;
        const auto found = places.find(input);
        if (found == places.end()) fail(graph_.nodes[i].name, "its input {} is no node", input);
        users[found->second].push_back(i);
        ++missing[i];
      }
      if (missing[i] == 0) ready.insert(i);
    }
    std::vector<Node> sorted;
    while (!ready.empty()) {
      const std::size_t i = *ready.begin();
      ready.erase(ready.begin());
      for (const std::size_t user : users[i]) {
        if (--missing[user] == 0) ready.insert(user);
      }
      sorted.push_back(graph_.nodes[i]);
    }
    if (sorted.size() < graph_.nodes.size()) {
      for (std::size_t i = 0; i < missing.size(); ++i) {
        if (missing[i] != 0) fail(graph_.nodes[i].name, "it needs its own map, through a cycle of nodes");
      }
    }
    graph_.nodes = std::move(sorted);
  }

  const MapSize& size_of(const std::string& name) const { return name == kImageNode ? graph_.image : sizes_.at(name); }

  void check_node(Node& node) {
    const bool many = node.kind == Kind::concatenate || node.kind == Kind::add;
    if (many ? node.inputs.size() < 2 : node.inputs.size() != 1) {
      fail(node.name, "{} inputs, {} needs {}", node.inputs.size(), kind_name(node.kind), many ? "2 or more" : "1");
    }
    const MapSize& first = size_of(node.inputs[0]);
    node.size = first;
    switch (node.kind) {
      case Kind::convolution:
        check_convolution(node, first);
        break;
      case Kind::transposed_convolution:
        check_matrix(node, "weights", node.weights, node.weights.rows(), first.channels);
        if (node.weights.rows() % 4 != 0) fail(node.name, "weights: {} rows, 4 per channel", node.weights.rows());
        node.size = {static_cast<int>(node.weights.rows() / 4), {2 * first.grid.height, 2 * first.grid.width}};
        check_vector(node, "bias", node.bias, node.size.channels);
        break;
      case Kind::average_pool:
        node.size.grid = half_grid(first.grid, node.edge);
        break;
      case Kind::upsample:
        if (half_grid(node.grid) != first.grid) {
          fail(node.name, "{} x {} does not come of {} x {} by doubling", node.grid.height, node.grid.width,
               first.grid.height, first.grid.width);
        }
        node.size.grid = node.grid;
        break;
      case Kind::concatenate:
      case Kind::add:
        check_many(node);
        break;
      case Kind::scale:
        check_factor(node, "factor", node.factor);
        check_factor(node, "offset", node.offset);
        if (node.noise_factor != Node::NoiseFactor::one && !(node.sigma_data > 0 && node.sigma_data < 1e9)) {
          fail(node.name, "sigma_data is {}, a number above 0 is needed", node.sigma_data);
        }
        break;
      case Kind::activation:
        check_activation(node);
        break;
    }
    check_size(node.size, node.name);
    sizes_[node.name] = node.size;
  }

  void check_convolution(Node& node, const MapSize& from) const {
    const KernelWindow& w = node.window;
    if (w.height < 1 || w.height > kMostKernelSide || w.width < 1 || w.width > kMostKernelSide) {
      fail(node.name, "a kernel of {} x {}, 1 to {} are allowed", w.height, w.width, kMostKernelSide);
    }
    if (w.stride != 1 && w.stride != 2) fail(node.name, "stride {}, 1 or 2 is allowed", w.stride);
    for (const int zeros : {w.top, w.left, w.bottom, w.right}) {
      if (zeros < 0 || zeros >= kMostKernelSide)
        fail(node.name, "padding by {}, 0 to {} is allowed", zeros, kMostKernelSide - 1);
    }
    const Grid made = w.result(from.grid), same = w.stride == 1 ? from.grid : half_grid(from.grid);
    if (made != same) {
      fail(node.name, "it makes {} x {} of {} x {}: padding must keep the grid, or halve it (rounded up) by stride 2",
           made.height, made.width, from.grid.height, from.grid.width);
    }
    check_matrix(node, "weights", node.weights, node.weights.rows(), from.channels * w.taps());
    node.size = {static_cast<int>(node.weights.rows()), made};
    check_vector(node, "bias", node.bias, node.size.channels);
    if (node.noise.size() != 0) {
      check_matrix(node, "noise", node.noise, node.size.channels, graph_.noise_levels.features);
    }
  }

  void check_many(Node& node) const {
    for (std::size_t i = 1; i < node.inputs.size(); ++i) {
      const MapSize& other = size_of(node.inputs[i]);
      const bool fits = node.kind == Kind::add ? other == node.size : other.grid == node.size.grid;
      if (!fits) {
        fail(node.name, "{} is {}, {} is {}", node.inputs[0], size_text(size_of(node.inputs[0])), node.inputs[i],
             size_text(other));
      }
      if (node.kind == Kind::concatenate) node.size.channels += other.channels;
    }
  }

  void check_activation(const Node& node) const {
    const Activation& a = node.activation;
    if (a.kind == Activation::Kind::leaky_relu) {
      if (a.slopes.size() != 1 && a.slopes.size() != static_cast<std::size_t>(node.size.channels)) {
        fail(node.name, "{} slopes, 1 or {} are needed", a.slopes.size(), node.size.channels);
      }
      for (const float slope : a.slopes) {
        if (!std::isfinite(slope)) fail(node.name, "a slope is not finite");
      }
    }
    if (a.kind == Activation::Kind::softplus && !(a.beta > 0 && a.beta < 1e6)) {
      fail(node.name, "beta is {}, a number above 0 is needed", a.beta);
    }
    if (a.kind == Activation::Kind::clip && !(a.lowest < a.highest)) {
      fail(node.name, "clips to {} to {}, which is no range", a.lowest, a.highest);
    }
  }

  void check_matrix(const Node& node, const char* what, const Map& matrix, Eigen::Index rows,
                    Eigen::Index columns) const {
    if (matrix.rows() != rows || matrix.cols() != columns || matrix.size() == 0) {
      fail(node.name, "{}: {} x {} numbers, {} columns are needed", what, matrix.rows(), matrix.cols(), columns);
    }
    if (!matrix.allFinite()) fail(node.name, "{}: a number is not finite", what);
  }

  void check_vector(const Node& node, const char* what, const Eigen::VectorXf& vector, Eigen::Index size) const {
    if (vector.size() != size) fail(node.name, "{}: {} numbers, {} are needed", what, vector.size(), size);
    if (!vector.allFinite()) fail(node.name, "{}: a number is not finite", what);
  }

  void check_factor(const Node& node, const char* what, const Eigen::VectorXf& factor) const {
    check_vector(node, what, factor, factor.size() == 1 ? 1 : node.size.channels);
  }

  void check_uses() const {
    std::set<std::string> used = {graph_.output};
    for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) {
      if (used.count(node->name) == 0) fail(node->name, "the output does not depend on it");
      used.insert(node->inputs.begin(), node->inputs.end());
    }
    if (used.count(kImageNode) == 0) fail("output", "it does not depend on the image");
  }

  Graph& graph_;
  const std::string& where_;
  std::map<std::string, MapSize> sizes_;
};

}  // namespace

std::string size_text(const MapSize& size) {
  return fmt::format("{} x {} x {}", size.channels, size.grid.height, size.grid.width);
}

const Node& Graph::node(const std::string& node_name) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.name == node_name; });
  if (found == nodes.end()) throw error("network {}: no node {}", name, node_name);
  return *found;
}

void check(Graph& graph, const std::string& where) { Checker(graph, where).check(); }

std::string kind_name(Kind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  throw error("network: a node of no kind");
}

std::int64_t parameters(const Graph& graph) {
  std::int64_t count = 0;
  for (const Node& node : graph.nodes) {
    count += node.weights.size() + node.bias.size() + node.noise.size();
    if (node.kind == Kind::scale) count += node.factor.size() + node.offset.size();
    if (node.kind == Kind::activation) count += static_cast<std::int64_t>(node.activation.slopes.size());
  }
  return count;
}

}  // namespace settle
