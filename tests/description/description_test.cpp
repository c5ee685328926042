// What networks are to be before they are trained.
#include "network/description/description.hpp"

#include <string>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "network/graph/graph_file.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using settle_test::check_fails;
using settle_test::TemporaryFolder;

namespace {

const std::filesystem::path kHost = std::filesystem::path(SETTLE_SOURCE_DIR) / "host";

std::filesystem::path shipped(const std::string& name) { return kHost / "network/train/networks" / (name + ".json"); }

std::string text_with(const std::string& text, const std::string& part, const std::string& other) {
  const std::size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.substr(0, at) + other + text.substr(at + part.size());
}

}  // namespace

TEST_CASE("description: the networks that ship are those that are described") {
  for (const char* name : {"unet", "silu", "textures"}) {
    CAPTURE(name);
    const Description description = read_description(shipped(name));
    CHECK(description.graph.name == name);
    const Graph graph = read_network(kHost / "assets" / (std::string(name) + ".network.json")).graph;
    CHECK_NOTHROW(check_same_shape(graph, description, name));
    CHECK(parameters(graph) == parameters(description.graph));
    Graph other = graph;
    for (Node& node : other.nodes) {
      if (node.kind == Node::Kind::activation) node.activation.kind = Activation::Kind::sigmoid;
    }
    check_fails([&] { check_same_shape(other, description, "x.network.json"); }, "x.network.json: node e1");
  }
}

TEST_CASE("description: what the U-Net's says") {
  const Description unet = read_description(shipped("unet"));
  REQUIRE(unet.limits.size() == 1);
  CHECK(unet.limits.at("d3.sum").bottleneck_rank == 4);
  CHECK(unet.limits.at("d3.sum").skip_rank == 16);
  const Graph& graph = unet.graph;
  CHECK(graph.node("d3.sum").bias == Eigen::VectorXf::Constant(64, -0.3F));
  CHECK(graph.node("d2.sum").bias == Eigen::VectorXf::Zero(32));
  CHECK(graph.node("d3.sum").noise.cols() == 8);
  CHECK(graph.node("e2.sum").weights == Map::Zero(32, 16 * 9));
  CHECK(sigma_data_of(graph) == 0.6162);
  CHECK(unet.images.kind == ImageSource::Kind::mnist);
  CHECK(unet.training.steps == 18000);
  CHECK(unet.training.narrow_spread == 0.2);
}

TEST_CASE("description: every kind of convolution") {
  const TemporaryFolder scratch;
  const std::string text = R"({
  "format": "settle-training-1", "name": "all",
  "image": {"channels": 2, "height": 6, "width": 8},
  "noise_level": {"lowest": 0.1, "highest": 2, "features": 3},
  "nodes": [
    {"name": "a", "kind": "convolution", "inputs": ["image"], "outputs": 5, "kernel": 3, "stride": 2},
    {"name": "b", "kind": "activation", "inputs": ["a"], "function": "tanh"},
    {"name": "c", "kind": "transposed_convolution", "inputs": ["b"], "outputs": 4},
    {"name": "d", "kind": "concatenate", "inputs": ["c", "image"]},
    {"name": "e", "kind": "convolution", "inputs": ["d"], "outputs": 2, "kernel": 1, "with_noise_level": false},
    {"name": "f", "kind": "scale", "inputs": ["e"], "noise_factor": "edm_out", "sigma_data": 0.5}
  ],
  "output": "f",
  "data": {"images": "textures", "train": 10, "test": 5, "seed": 3},
  "training": {"steps": 1, "batch": 2, "learning_rate": 0.01, "warm_up": 1, "average_decay": 0.9,
    "longest_gradient": 1, "start_variance": 1, "sigma_centre": 0.5, "sigma_spread": 1, "narrow_share": 0,
    "narrow_spread": 0}
})";
  const auto read = [&](const std::string& content) {
    write_atomically(scratch / "all.json", content);
    return read_description(scratch / "all.json");
  };
  const Description all = read(text);
  CHECK(all.graph.node("a").size == MapSize{5, {3, 4}});
  CHECK(all.graph.node("a").noise.cols() == 3);
  CHECK(all.graph.node("c").size == MapSize{4, {6, 8}});
  CHECK(all.graph.node("e").weights.cols() == 6);
  CHECK(all.graph.node("e").noise.size() == 0);
  CHECK(all.images.train == 10);
  CHECK(all.images.seed == 3);

  const auto refused = [&](const std::string& part, const std::string& other, const std::string& message) {
    CAPTURE(other);
    check_fails([&] { read(text_with(text, part, other)); }, message);
  };
  refused("settle-training-1", "settle-network-1", "format is \"settle-network-1\", \"settle-training-1\" is needed");
  refused("\"outputs\": 5", "\"outputs\": 0", "nodes[0].outputs is 0, a whole number from 1 to 4096 is needed");
  refused("\"kernel\": 3", "\"kernel\": 6", "nodes[0].kernel is 6, a whole number from 1 to 5 is needed");
  refused("\"inputs\": [\"c\", \"image\"]", "\"inputs\": [\"c\", \"f\"]", "f is no node before this one");
  refused("\"inputs\": [\"e\"]", "\"inputs\": []", "nodes[5].inputs");
  refused("\"tanh\"", "\"tan\"", "nodes[1].function is tan, one of identity");
  refused("\"kernel\": 1", "\"kernel\": 1, \"limit\": {\"bottleneck_rank\": 1, \"skip_rank\": 1}",
          "nodes[4].limit: it needs a kernel of 3 and an even number of inputs");
  refused("edm_out", "edm_in", "no node scales by edm_out");
  refused("\"textures\"", "\"digits\"", "data.images is \"digits\", mnist or textures is needed");
  refused("\"learning_rate\": 0.01", "\"learning_rate\": 2", "training.learning_rate is 2, a number from 1e-06 to 1");
  refused("\"average_decay\"", "\"decay\"", "training.average_decay is missing");
}
