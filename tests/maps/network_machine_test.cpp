// Machines of any network: cells for every activation, layers and buses for every kind of node.
#include "fit/maps/machine_plan.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "array/float64/rest_point.hpp"
#include "base/error.hpp"
#include "fit/maps/cell_answer.hpp"
#include "fit/maps/map_machine.hpp"
#include "fit/maps/map_statistics.hpp"
#include "fit/maps/map_units.hpp"
#include "fit/maps/rank_choice.hpp"
#include "images/image_set.hpp"
#include "images/noise.hpp"
#include "machine/fields.hpp"
#include "machine/linear.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/conditioning/layer_maps.hpp"
#include "network/graph/image_map.hpp"

using namespace settle;
using Kind = Node::Kind;

namespace {

Activation function(Activation::Kind kind, const std::vector<float>& slopes = {}) {
  Activation activation;
  activation.kind = kind;
  activation.slopes = slopes;
  activation.lowest = -1;
  activation.highest = 2;
  return activation;
}

/// A network is put together node by node, with weights drawn anew.
struct Maker {
  Graph graph;
  std::mt19937_64 engine{3};

  float draw(float scale) { return scale * std::normal_distribution<float>()(engine); }

  Node& node(const std::string& name, Kind kind, const std::vector<std::string>& inputs) {
    graph.nodes.emplace_back();
    Node& made = graph.nodes.back();
    made.name = name;
    made.kind = kind;
    made.inputs = inputs;
    return made;
  }
  void convolution(const std::string& name, const std::string& input, int inputs, int outputs, int side, int stride) {
    Node& made = node(name, Kind::convolution, {input});
    const int before = side / 2, after = side - 1 - before;
    made.window = {side, side, stride, before, before, stride == 2 ? before : after, stride == 2 ? before : after};
    const float scale = 1.0F / std::sqrt(static_cast<float>(inputs * side * side));
    made.weights = Kernel(outputs, inputs * side * side).unaryExpr([&](float) { return draw(scale); });
    made.bias = Eigen::VectorXf(outputs).unaryExpr([&](float) { return draw(0.3F); });
  }
  void activation(const std::string& name, const std::string& input, const Activation& made) {
    node(name, Kind::activation, {input}).activation = made;
  }
  Graph done(const std::string& output, const MapSize& image) {
    graph.name = "made";
    graph.image = image;
    graph.noise_levels = {0.5, 0.5, 0};
    graph.output = output;
    check(graph, "made");
    return graph;
  }
};

/// Every kind of node, two channels of 8 x 8 pixels.
Graph every_kind() {
  Maker m;
  m.convolution("a.sum", "image", 2, 4, 3, 1);
  m.activation("a", "a.sum", function(Activation::Kind::silu));
  m.convolution("b.sum", "a", 4, 4, 3, 1);
  m.activation("b", "b.sum", function(Activation::Kind::tanh));
  m.node("sum", Kind::add, {"a", "b"});
  m.convolution("c.sum", "sum", 4, 4, 3, 2);  // stride 2
  m.activation("c", "c.sum", function(Activation::Kind::leaky_relu, {0.0F, 0.1F, 0.3F, 0.5F}));
  Node& scale = m.node("c.scaled", Kind::scale, {"c"});
  scale.factor = Eigen::Vector4f(0.5F, 1, 2, -1);
  scale.offset = Eigen::Vector4f(0.2F, 0, -0.1F, 0.3F);  // seen by the next convolution up to its border
  m.node("c.half", Kind::average_pool, {"c.scaled"});
  m.convolution("d.sum", "c.half", 4, 4, 3, 1);
  m.activation("d", "d.sum", function(Activation::Kind::gelu));
  m.node("d.twice", Kind::upsample, {"d"}).grid = {4, 4};
  m.node("e.inputs", Kind::concatenate, {"d.twice", "c"});
  m.convolution("e.one", "e.inputs", 8, 4, 1, 1);  // linear, and a convolution of it
  m.convolution("e.sum", "e.one", 4, 4, 3, 1);
  m.activation("e", "e.sum", function(Activation::Kind::softplus));
  Node& doubled = m.node("e.doubled", Kind::transposed_convolution, {"e"});
  doubled.weights = Map(4 * 4, 4).unaryExpr([&](float) { return m.draw(0.5F); });
  doubled.bias = Eigen::Vector4f(0.1F, -0.2F, 0, 0.3F);
  m.convolution("f.sum", "e.doubled", 4, 4, 5, 1);
  m.activation("f", "f.sum", function(Activation::Kind::leaky_relu, {0.2F}));
  m.convolution("out", "f", 4, 2, 3, 1);
  m.node("denoised", Kind::add, {"image", "out"});
  return m.done("denoised", {2, Grid(8)});
}

ImageSet some_images(const Graph& network, std::size_t count) {
  std::mt19937_64 engine(8);
  std::uniform_real_distribution<float> pixel(-1, 1);
  std::vector<float> pixels(count * static_cast<std::size_t>(network.image.channels * network.image.grid.sites()));
  for (float& p : pixels) p = pixel(engine);
  return {image_shape(network.image), pixels};
}

}  // namespace

TEST_CASE("a cell and a linear one beside it make up any activation") {
  using A = Activation::Kind;
  const std::vector<Activation> all = {function(A::leaky_relu, {0.125F}),
                                       function(A::leaky_relu, {0.0F}),
                                       function(A::leaky_relu, {0.25F, -0.5F}),
                                       function(A::softplus),
                                       function(A::sigmoid),
                                       function(A::tanh),
                                       function(A::silu),
                                       function(A::gelu),
                                       function(A::gelu_tanh),
                                       function(A::clip)};
  for (const Activation& f : all) {
    CAPTURE(activation_name(f.kind));
    const CellAnswer cell = cell_answer(f, 2, "f");
    CHECK(cell.greatest_slope <= 10.9 * cell.least_slope);
    double last = cell(-6.01);
    for (double u = -6; u <= 6; u += 0.01) {
      const double answer = cell(u);
      for (std::size_t i = 0; i < 2; ++i) {
        const auto channel = static_cast<Eigen::Index>(i);
        CHECK(cell.share[channel] * answer + cell.rest[channel] * u ==
              doctest::Approx(activated(f, u, i)).epsilon(1e-6));
      }
      // It rises by no less than it says (a thousandth: slopes are found on a grid).
      CHECK(answer - last >= 0.999 * cell.least_slope * 0.01 - 1e-9);
      CHECK(cell.inverse(answer) == doctest::Approx(u).epsilon(1e-9));
      last = answer;
    }
  }
  CHECK_FALSE(cell_answer(function(A::leaky_relu, {0.125F}), 1, "f").needs_linear_cell());
  CHECK(cell_answer(function(A::silu), 1, "f").needs_linear_cell());
  CHECK_THROWS_AS(cell_answer(function(A::leaky_relu, {0.5F, 1.5F}), 2, "f"), Error);
}

TEST_CASE("a machine of every kind of node rests at the network's maps") {
  const Graph network = every_kind();
  const MachinePlan plan = plan_of_network(network, 0.5);
  const ImageSet images = some_images(network, 24);
  const auto statistics = map_statistics(network, values_of(plan), images, 0, 24, 0.5, 1, nullptr);
  MapBuild build;
  build.name = network.name;
  build.kt = 0;
  build.table_pieces = 1024;
  build.copies = {{"image", 2}, {plan.readout, 2}};
  const Machine machine = build_machine(network, plan, statistics, 0.5, build).machine;
  CHECK(plan.readout == "out");
  const Maps maps = run(network, image_map(noisy(images.image(3), 0.5, 1, 3), network), 0.5);
  check_maps(machine, network, "made");
  const Conditioning conditioning = conditioning_of(machine, network, maps, 0.5);
  const Eigen::VectorXd rest = rest_point(machine, fields(machine, conditioning, InterfaceMode::normal));
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    CAPTURE(machine.layers[l].name);
    const Eigen::VectorXd& wanted = conditioning.layers[l];
    const Eigen::VectorXd found = rest.segment(layer_offset(machine, static_cast<int>(l)), wanted.size());
    // Tables are straight between knots; what that leaves grows from layer to layer.
    CHECK((found - wanted).norm() < 2e-3 * wanted.norm());
  }
  const Layer& readout = machine.layers[static_cast<std::size_t>(machine.decoder)];
  const Map out = as_map(readout, rest.tail(readout.cells()), 2);
  CHECK((out - maps.at("out")).norm() < 2e-3F * maps.at("out").norm());
}

TEST_CASE("linear nodes cost no cells where a bus carries them") {
  const Graph network = every_kind();
  std::vector<std::string> names;
  for (const PlannedLayer& layer : plan_of_network(network, 0.5).layers) names.push_back(layer.name);
  // Two for an activation that one cell cannot answer with; sums that are added, scaled, pooled, put side by side or
  // multiplied site by site have none.
  const std::vector<std::string> wanted = {"image",
                                           "a.sum",
                                           "a",
                                           "b.sum",
                                           "b",
                                           "c.sum.sites",
                                           "c.sum",
                                           "c",
                                           "d.sum",
                                           "d",
                                           "e.sum",
                                           "e",
                                           "e.doubled.00",
                                           "e.doubled.01",
                                           "e.doubled.10",
                                           "e.doubled.11",
                                           "f",
                                           "out"};
  CHECK(names == wanted);
}

TEST_CASE("a map that never moves goes into fields") {
  Maker m;
  m.convolution("a.sum", "image", 1, 4, 3, 1);
  m.activation("a", "a.sum", function(Activation::Kind::leaky_relu, {0.125F}));
  m.convolution("dead.sum", "a", 4, 4, 3, 1);
  m.graph.nodes.back().weights *= 0.01F;
  m.graph.nodes.back().bias.setConstant(-50);
  m.activation("dead", "dead.sum", function(Activation::Kind::silu));
  m.node("both", Kind::add, {"a", "dead"});
  m.convolution("out", "both", 4, 1, 3, 1);
  const Graph network = m.done("out", {1, Grid(6)});
  const ImageSet images = some_images(network, 8);
  const auto found =
      constant_maps(network, map_statistics(network, activations_of(network), images, 0, 8, 0.5, 1, nullptr));
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->first == "dead");
  std::vector<std::string> names;
  for (const PlannedLayer& layer : plan_of_network(network, 0.5, found).layers) names.push_back(layer.name);
  CHECK(names == std::vector<std::string>{"image", "a", "out"});
}

TEST_CASE("a bias far beyond what its map ever is has room in the field's format") {
  Maker m;
  m.convolution("a.sum", "image", 1, 4, 3, 1);
  m.activation("a", "a.sum", function(Activation::Kind::tanh));
  m.convolution("b.sum", "a", 4, 4, 1, 1);
  // What comes in is next to 0.9 everywhere: 1,000 times it less 900 stays small.
  m.graph.nodes.front().weights *= 0.01F;
  m.graph.nodes.front().bias.setConstant(std::atanh(0.9F));
  Node& last = m.graph.nodes.back();
  last.weights.setConstant(250);
  last.bias.setConstant(-900);
  m.activation("b", "b.sum", function(Activation::Kind::leaky_relu, {0.125F}));
  m.convolution("out", "b", 4, 1, 3, 1);
  const Graph network = m.done("out", {1, Grid(6)});
  const ImageSet images = some_images(network, 8);
  const MachinePlan plan = plan_of_network(network, 0.5);
  const auto statistics = map_statistics(network, values_of(plan), images, 0, 8, 0.5, 1, nullptr);
  const auto units = layer_units(network, plan, statistics);
  CHECK((900 / units.at("b").field.array() <= 30.001).all());
  CHECK((units.at("b").value.array() > 2 * statistics.at("b").deviation.array()).all());
}

TEST_CASE("ranks are chosen within what the image may lose") {
  const Graph network = every_kind();
  const MachinePlan plan = plan_of_network(network, 0.5);
  const ImageSet images = some_images(network, 16);
  const auto statistics = map_statistics(network, values_of(plan), images, 0, 16, 0.5, 1, nullptr);
  const RankJudge judge(network, plan, statistics, images, 8, 0.5, 1);
  // The plan, layer by layer, is the network, and so it is by the two ends of every bus at its full rank.
  CHECK(std::abs(judge.plan_loss()) < 1e-4);
  std::map<std::string, int> full;
  for (const RankedBus& bus : judge.buses()) full[bus.name] = bus.full;
  CHECK(std::abs(judge.loss(full)) < 1e-4);
  CHECK(std::abs(judge.loss({{"a-b", 1}})) > 1e-3);
  CHECK(choose_ranks(judge, 0, {}, nullptr, nullptr).loss <= 0);
  const RankChoice loose = choose_ranks(judge, 0.5, {}, nullptr, nullptr);
  CHECK(loose.loss <= 0.5);
  CHECK(loose.loss == doctest::Approx(judge.loss(loose.ranks)));
  CHECK_FALSE(loose.ranks.empty());
  CHECK_THROWS_AS(choose_ranks(
                      judge, 0.5, {}, [] { return true; }, nullptr),
                  Error);
  CHECK_THROWS_AS(check_bus_ranks({{"a-z", 3}}, plan, "--rank"), Error);
  CHECK_NOTHROW(check_bus_ranks({{"a-b", 3}}, plan, "--rank"));
}
