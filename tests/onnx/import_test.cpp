// Imported networks against what PyTorch answers (make_models.py).
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "network/graph/graph_file.hpp"
#include "network/graph/inference.hpp"
#include "onnx/models.hpp"
#include "temporary_folder.hpp"

using settle::Graph;
using settle::Import;
using settle::Map;
using settle::MapSize;
using settle::Node;
using settle_test::imported;
using settle_test::Reference;
using settle_test::reference_of;

namespace {

/// The largest difference from PyTorch's output is rounding alone: float's, over the output's largest number.
void check_near(const std::string& name, const Graph& graph) {
  const Reference reference = reference_of(name);
  const Map output = settle::run(graph, reference.image, reference.sigma).at(graph.output);
  REQUIRE(output.rows() == reference.output.rows());
  REQUIRE(output.cols() == reference.output.cols());
  const auto most = [](const Map& map) { return static_cast<double>(map.cwiseAbs().maxCoeff()); };
  const double difference = most(output - reference.output) / most(reference.output);
  CAPTURE(difference);
  CHECK(difference < 2e-6);
}

std::map<std::string, int> kinds(const Graph& graph) {
  std::map<std::string, int> counts;
  for (const Node& node : graph.nodes) ++counts[settle::kind_name(node.kind)];
  return counts;
}

/// How many of the activations are of this kind.
long activations(const Graph& graph, const std::string& kind) {
  return std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return node.kind == Node::Kind::activation && settle::activation_name(node.activation.kind) == kind;
  });
}

long folded(const Import& import, const std::string& op) {
  return std::count_if(import.folded.begin(), import.folded.end(),
                       [&](const std::string& text) { return text.rfind(op + " ", 0) == 0; });
}

}  // namespace

TEST_CASE("a U-Net that takes the noise level, within preconditioning") {
  const Import import = imported("sigma_unet");
  check_near("sigma_unet", import.graph);
  CHECK(import.depends_on_sigma);
  CHECK(import.image_input == "image");
  CHECK(import.noise_input == "sigma");
  CHECK(import.opset == 14);
  CHECK(settle_test::mentions(import.producer, "pytorch"));
  const Graph& graph = import.graph;
  CHECK(graph.name == "sigma_unet");
  CHECK(graph.image == MapSize{1, {8, 8}});
  CHECK(graph.noise_levels.lowest == graph.noise_levels.highest);
  CHECK(graph.noise_levels.features == 0);
  // What the model is: the embedding is gone, its sums are in the biases; three scales and a sum precondition.
  const std::map<std::string, int> wanted = {{"convolution", 10}, {"average_pool", 1}, {"upsample", 1},
                                             {"concatenate", 1},  {"scale", 3},        {"add", 4},
                                             {"activation", 6}};
  CHECK(kinds(graph) == wanted);
  CHECK(activations(graph, "silu") == 6);
  CHECK(folded(import, "Gemm") == 5);
  CHECK(folded(import, "Sin") == 1);
  CHECK(folded(import, "Conv") == 0);
}

TEST_CASE("the noise level counts: another one gives another network") {
  settle::ImportOptions options;
  options.sigma = 0.3;
  const Import other = settle::import_onnx(settle_test::model_path("sigma_unet"), options);
  const Map image = reference_of("sigma_unet").image;
  const Map output = settle::run(other.graph, image, 0.3).at(other.graph.output);
  CHECK_FALSE(output.isApprox(reference_of("sigma_unet").output, 1e-2F));
  settle_test::check_fails([&] { settle::run(other.graph, image, 0.75); }, "it was made for 0.3");
}

TEST_CASE("GELU, BatchNorm, strides, a transposed convolution, odd sides, three channels") {
  const Import import = imported("odd");
  check_near("odd", import.graph);
  CHECK_FALSE(import.depends_on_sigma);
  CHECK(import.noise_input.empty());
  CHECK(import.graph.image == MapSize{3, {13, 9}});
  CHECK(activations(import.graph, "gelu") == 3);
  CHECK(folded(import, "BatchNormalization") == 3);  // the fourth does not follow a convolution
  CHECK(kinds(import.graph).at("transposed_convolution") == 1);
  CHECK(kinds(import.graph).at("upsample") == 2);
}

TEST_CASE("sides that the file leaves open are given, and its own arithmetic of shapes is followed") {
  check_near("open", imported("open", MapSize{3, {13, 9}}).graph);
  settle_test::check_fails([] { imported("open"); },
                           "open.onnx: input image is [?, 3, ?, ?]: give the open sides with");
  settle_test::check_fails([] { imported("open", MapSize{1, {13, 9}}); }, "--size asks for 1 x 13 x 9");
}

TEST_CASE("PReLU, Clip, Softplus, Tanh, Sigmoid, kernels of 5 x 5") {
  const Import import = imported("bounded");
  check_near("bounded", import.graph);
  CHECK(activations(import.graph, "clip") == 2);
  CHECK(activations(import.graph, "softplus") == 1);
  CHECK(activations(import.graph, "tanh") == 1);
  CHECK(activations(import.graph, "sigmoid") == 1);
  for (const Node& node : import.graph.nodes) {
    if (node.kind == Node::Kind::convolution) CHECK(node.window.taps() == 25);
  }
}

TEST_CASE("GELU and SiLU in any association") {
  const Graph graph = imported("gates").graph;
  check_near("gates", graph);
  CHECK(activations(graph, "gelu") == 3);
  CHECK(activations(graph, "gelu_tanh") == 2);
  CHECK(activations(graph, "silu") == 2);
  CHECK(kinds(graph).at("activation") == 7);
}

TEST_CASE("weights of every type and place") { check_near("types", imported("types").graph); }

TEST_CASE("automatic padding, padding apart, nearest sites by half pixels") {
  check_near("grids", imported("grids").graph);
}

TEST_CASE("opset 9, and the noise level as one number") {
  const Import import = imported("old", MapSize{2, {6, 6}});
  check_near("old", import.graph);
  CHECK(import.depends_on_sigma);
}

TEST_CASE("the noise level in the shape of an image; one that is not used") {
  const Import import = imported("level");
  check_near("level", import.graph);
  CHECK(import.depends_on_sigma);
  CHECK(import.image_input == "image");
  CHECK(import.noise_input == "sigma");
  settle::ImportOptions options;
  options.sigma = 1;
  const Import blind = settle::import_onnx(settle_test::model_path("blind"), options);
  CHECK(blind.noise_input == "sigma");
  CHECK_FALSE(blind.depends_on_sigma);
}

TEST_CASE("a network file holds what was imported, bit by bit") {
  const std::vector<std::pair<std::string, std::optional<MapSize>>> models = {
      {"sigma_unet", {}}, {"odd", {}}, {"bounded", {}}, {"gates", {}}, {"grids", {}}, {"old", MapSize{2, {6, 6}}}};
  for (const auto& model : models) {
    const std::string& name = model.first;
    CAPTURE(name);
    const settle_test::TemporaryFolder folder;
    const Graph graph = imported(name, model.second).graph;
    const Graph again = settle::read_network(settle::write_network(folder.path(), graph)).graph;
    CHECK(settle::parameters(again) == settle::parameters(graph));
    const Reference reference = reference_of(name);
    const Map before = settle::run(graph, reference.image, reference.sigma).at(graph.output);
    const Map after = settle::run(again, reference.image, reference.sigma).at(again.output);
    CHECK(before == after);
  }
}

TEST_CASE("names come from the model's, cleaned and each once") {
  const Graph graph = imported("odd").graph;
  CHECK(graph.nodes.at(0).name == "enter.Conv");
  CHECK(graph.node("Sub_negative").factor(0) == -1);  // a node that the model does not have
  const Graph hand = imported("grids").graph;
  CHECK(hand.output == "out");
  settle::ImportOptions options;
  options.sigma = 1;
  options.name = "other";
  CHECK(settle::import_onnx(settle_test::model_path("odd"), options).graph.name == "other");
}
