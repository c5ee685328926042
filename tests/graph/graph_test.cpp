// What a graph is refused for, and that its nodes find their order.
#include <algorithm>
#include <limits>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "network/graph/graph.hpp"
#include "network/graph/inference.hpp"

using namespace settle;
using settle_test::check_fails;

namespace {

Node convolution(const std::string& name, const std::string& input, int inputs, int outputs) {
  Node node;
  node.name = name;
  node.kind = Node::Kind::convolution;
  node.inputs = {input};
  node.weights = Map::Constant(outputs, inputs * kTaps, 0.1F);
  node.bias = Eigen::VectorXf::Zero(outputs);
  return node;
}

Node leaky(const std::string& name, const std::string& input) {
  Node node;
  node.name = name;
  node.inputs = {input};
  node.activation.kind = Activation::Kind::leaky_relu;
  node.activation.slopes = {0.125F};
  return node;
}

Node of_kind(Node::Kind kind, const std::string& name, const std::vector<std::string>& inputs) {
  Node node;
  node.name = name;
  node.kind = kind;
  node.inputs = inputs;
  return node;
}

/// image -> a (4 channels) -> r; image -> b (4); add(r, b) -> out (1).
Graph small() {
  Graph graph;
  graph.name = "small";
  graph.image = {1, {6, 5}};
  graph.noise_levels = {0.5, 0.5, 0};
  graph.nodes = {convolution("a", "image", 1, 4), leaky("r", "a"), convolution("b", "image", 1, 4),
                 of_kind(Node::Kind::add, "s", {"r", "b"}), convolution("out", "s", 4, 1)};
  graph.output = "out";
  return graph;
}

template <typename Change>
void refused(Change change, const std::string& why) {
  Graph graph = small();
  change(graph);
  check_fails([&] { check(graph, "here"); }, why);
}

}  // namespace

TEST_CASE("nodes in any order find the one in which they can be followed") {
  Graph graph = small();
  check(graph, "here");
  const Map image = Map::Constant(1, 30, 0.5F);
  const Maps wanted = run(graph, image, 0.5);
  Graph turned = small();
  std::reverse(turned.nodes.begin(), turned.nodes.end());
  check(turned, "here");
  CHECK(run(turned, image, 0.5).at("out") == wanted.at("out"));
  CHECK(graph.node("s").size == MapSize{4, {6, 5}});
  CHECK(parameters(graph) == 4 * 9 + 4 + 1 + 4 * 9 + 4 + 4 * 9 + 1);
}

TEST_CASE("what is wrong with a graph is said with the node's name") {
  refused([](Graph& g) { g.nodes.clear(); }, "here: nodes: there are none");
  refused([](Graph& g) { g.image.channels = 0; }, "here: image: 0 x 6 x 5");
  refused([](Graph& g) { g.noise_levels = {0, 1, 0}; }, "here: noise_level: 0 to 1, 0 < lowest <= highest is needed");
  refused([](Graph& g) { g.nodes[1].name = "a"; }, "here: a: two nodes have this name");
  refused([](Graph& g) { g.nodes[1].name = "image"; }, "here: image: a node cannot have the image's name");
  refused([](Graph& g) { g.nodes[1].name = ""; }, "node 1 has no name");
  refused([](Graph& g) { g.nodes[1].inputs = {"nobody"}; }, "here: r: its input nobody is no node");
  refused([](Graph& g) { g.nodes[1].inputs = {"s"}; }, "through a cycle of nodes");
  refused([](Graph& g) { g.nodes[1].inputs = {"a", "b"}; }, "here: r: 2 inputs, activation needs 1");
  refused([](Graph& g) { g.nodes[3].inputs = {"r"}; }, "here: s: 1 inputs, add needs 2 or more");
  refused([](Graph& g) { g.output = "nobody"; }, "here: output: nobody: no such node");
  refused([](Graph& g) { g.output = "s"; }, "here: output: s is 4 x 6 x 5, the image is 1 x 6 x 5");
  refused([](Graph& g) { g.nodes.push_back(leaky("idle", "a")); }, "here: idle: the output does not depend on it");
  refused([](Graph& g) { g.nodes[0] = convolution("a", "image", 2, 4); }, "here: a: weights: 4 x 18 numbers");
  refused([](Graph& g) { g.nodes[0] = convolution("a", "image", 1, 3); }, "here: s: r is 3 x 6 x 5, b is 4 x 6 x 5");
  refused([](Graph& g) { g.nodes[0].bias = Eigen::VectorXf::Zero(3); }, "here: a: bias: 3 numbers, 4 are needed");
  refused([](Graph& g) { g.nodes[0].weights(1, 1) = std::numeric_limits<float>::quiet_NaN(); },
          "here: a: weights: a number is not finite");
  refused([](Graph& g) { g.nodes[0].window.stride = 3; }, "here: a: stride 3, 1 or 2 is allowed");
  refused([](Graph& g) { g.nodes[0].window.top = 0; }, "here: a: it makes 5 x 5 of 6 x 5");
  refused([](Graph& g) { g.nodes[0].noise = Map::Zero(4, 2); }, "here: a: noise: 4 x 2 numbers, 0 columns are needed");
  refused([](Graph& g) { g.nodes[1].activation.slopes = {0.1F, 0.2F}; }, "here: r: 2 slopes, 1 or 4 are needed");
  refused(
      [](Graph& g) {
        g.nodes[1] = of_kind(Node::Kind::upsample, "r", {"a"});
        g.nodes[1].grid = {9, 10};
      },
      "here: r: 9 x 10 does not come of 6 x 5 by doubling");
  refused(
      [](Graph& g) {
        g.nodes[1] = of_kind(Node::Kind::scale, "r", {"a"});
        g.nodes[1].factor = Eigen::VectorXf::Ones(2);
        g.nodes[1].offset = Eigen::VectorXf::Zero(1);
      },
      "here: r: factor: 2 numbers, 4 are needed");
}
