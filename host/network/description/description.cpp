#include "network/description/description.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "network/graph/graph_file.hpp"

namespace settle {
namespace {

using Json = nlohmann::ordered_json;

double real_from(const JsonValue& value, double least, double most) {
  const double number = value.number();
  if (!(number >= least && number <= most)) value.refuse(fmt::format("a number from {} to {}", least, most));
  return number;
}

/// Makes a network file's text of a description: a convolution's `outputs` and `kernel` become tensors.
class Shapes {
 public:
  explicit Shapes(const JsonValue& root) : root_(root) {
    channels_[kImageNode] = root.at("image").at("channels").integer(1, kMostChannels);
    features_ = root.at("noise_level").at("features").integer(0, kMostChannels);
  }

  std::string network_text() {
    Json network;
    network["format"] = kNetworkFormat;
    network["name"] = root_.at("name").text();
    network["weights"] = root_.at("name").text() + ".safetensors";
    network["image"] = root_.at("image").json();
    network["noise_level"] = root_.at("noise_level").json();
    network["nodes"] = Json::array();
    for (const JsonValue& item : root_.at("nodes").items()) network["nodes"].push_back(node(item));
    network["output"] = root_.at("output").json();
    return to_text(network);
  }

  const TensorFile& tensors() const { return tensors_; }
  const std::map<std::string, KernelLimit>& limits() const { return limits_; }

 private:
  Json node(const JsonValue& item) {
    const std::string kind = item.at("kind").text(), name = item.at("name").text();
    const std::vector<std::string> inputs = item.at("inputs").texts();
    if (inputs.empty()) item.at("inputs").refuse("a list of one name or more");
    int channels = channels_of(item, inputs[0]);
    if (kind == kind_name(Node::Kind::concatenate)) {
      for (std::size_t i = 1; i < inputs.size(); ++i) channels += channels_of(item, inputs[i]);
    }
    Json json = item.json();
    const bool transposed = kind == kind_name(Node::Kind::transposed_convolution);
    if (transposed || kind == kind_name(Node::Kind::convolution)) {
      const int from = std::exchange(channels, item.at("outputs").integer(1, kMostChannels));
      json = transposed ? transposed_convolution(item, from, channels) : convolution(item, from, channels);
    }
    channels_[name] = channels;
    return json;
  }

  int channels_of(const JsonValue& item, const std::string& input) const {
    const auto found = channels_.find(input);
    if (found == channels_.end()) {
      item.at("inputs").fail(fmt::format("{} is no node before this one: here each comes after its inputs", input));
    }
    return found->second;
  }

  Json convolution(const JsonValue& item, int inputs, int outputs) {
    item.keys({"name", "kind", "inputs", "outputs", "kernel"},
              {"stride", "padding", "with_noise_level", "bias_start", "limit"});
    const std::string name = item.at("name").text();
    const int side = item.at("kernel").integer(1, kMostKernelSide);
    Json json = {{"name", name}, {"kind", item.at("kind").text()}, {"inputs", item.at("inputs").json()}};
    json["weights"] = zeros(name + ".weight", {outputs, inputs, side, side});
    json["bias"] = zeros(name + ".bias", {outputs});
    if (item.has("bias_start")) {
      const auto start = static_cast<float>(real_from(item.at("bias_start"), -1e3, 1e3));
      for (float& bias : tensors_.tensors.at(name + ".bias").values) bias = start;
    }
    for (const char* key : {"stride", "padding"}) {
      if (item.has(key)) json[key] = item.at(key).json();
    }
    const bool noise = item.has("with_noise_level") ? item.at("with_noise_level").flag() : features_ > 0;
    if (noise) json["noise"] = zeros(name + ".noise", {outputs, features_});
    if (item.has("limit")) limits_[name] = limit(item.at("limit"), inputs, side);
    return json;
  }

  Json transposed_convolution(const JsonValue& item, int inputs, int outputs) {
    item.keys({"name", "kind", "inputs", "outputs"});
    const std::string name = item.at("name").text();
    Json json = {{"name", name}, {"kind", item.at("kind").text()}, {"inputs", item.at("inputs").json()}};
    json["weights"] = zeros(name + ".weight", {inputs, outputs, 2, 2});
    json["bias"] = zeros(name + ".bias", {outputs});
    return json;
  }

  static KernelLimit limit(const JsonValue& value, int inputs, int side) {
    if (side != 3 || inputs % 2 != 0) value.fail("it needs a kernel of 3 and an even number of inputs");
    value.keys({"bottleneck_rank", "skip_rank"});
    return {value.at("bottleneck_rank").integer(1, inputs / 2), value.at("skip_rank").integer(1, inputs / 2)};
  }

  std::string zeros(const std::string& name, const std::vector<std::int64_t>& shape) {
    std::int64_t count = 1;
    for (const std::int64_t side : shape) count *= side;
    tensors_.tensors[name] = {shape, std::vector<float>(static_cast<std::size_t>(count))};
    return name;
  }

  const JsonValue& root_;
  std::map<std::string, int> channels_;
  int features_ = 0;
  TensorFile tensors_;
  std::map<std::string, KernelLimit> limits_;
};

ImageSource image_source(const JsonValue& value) {
  const std::string kind = value.at("images").text();
  if (kind == "mnist") {
    value.keys({"images"});
    return {};
  }
  if (kind != "textures") value.at("images").refuse("mnist or textures");
  value.keys({"images", "train", "test", "seed"});
  return {ImageSource::Kind::textures, value.at("train").integer(1, 1'000'000), value.at("test").integer(1, 100'000),
          value.at("seed").unsigned_integer()};
}

TrainingOptions training_options(const JsonValue& value) {
  value.keys({"steps", "batch", "learning_rate", "warm_up", "average_decay", "longest_gradient", "start_variance",
              "sigma_centre", "sigma_spread", "narrow_share", "narrow_spread"});
  TrainingOptions options;
  options.steps = value.at("steps").integer(1, 10'000'000);
  options.batch = value.at("batch").integer(1, 4096);
  options.learning_rate = real_from(value.at("learning_rate"), 1e-6, 1.0);
  options.warm_up = value.at("warm_up").integer(1, 10'000'000);
  options.ema = real_from(value.at("average_decay"), 0.0, 1.0);
  options.longest_gradient = real_from(value.at("longest_gradient"), 1e-6, 1e6);
  options.start_variance = real_from(value.at("start_variance"), 1e-6, 10.0);
  options.sigma_centre = real_from(value.at("sigma_centre"), 1e-3, 1e3);
  options.sigma_spread = real_from(value.at("sigma_spread"), 0.0, 10.0);
  options.narrow_share = real_from(value.at("narrow_share"), 0.0, 1.0);
  options.narrow_spread = real_from(value.at("narrow_spread"), 0.0, 10.0);
  return options;
}

bool same_function(const Activation& a, const Activation& b) {
  return a.kind == b.kind && a.slopes == b.slopes && a.beta == b.beta && a.lowest == b.lowest && a.highest == b.highest;
}

bool same_shape(const Node& a, const Node& b) {
  const KernelWindow &v = a.window, &w = b.window;
  return a.name == b.name && a.kind == b.kind && a.inputs == b.inputs && a.size == b.size && a.edge == b.edge &&
         a.weights.rows() == b.weights.rows() && a.weights.cols() == b.weights.cols() &&
         a.noise.cols() == b.noise.cols() && v.height == w.height && v.stride == w.stride && v.top == w.top &&
         v.left == w.left && v.bottom == w.bottom && v.right == w.right && a.noise_factor == b.noise_factor &&
         a.sigma_data == b.sigma_data && a.factor.size() == b.factor.size() && a.factor == b.factor &&
         a.offset.size() == b.offset.size() && a.offset == b.offset && same_function(a.activation, b.activation);
}

}  // namespace

Description read_description(const std::filesystem::path& path) {
  const JsonValue root = read_json(path);
  if (root.has("format") && root.at("format").text() != kDescriptionFormat) {
    root.at("format").refuse(fmt::format("\"{}\"", kDescriptionFormat));
  }
  root.keys({"format", "name", "image", "noise_level", "nodes", "output", "data", "training"});
  Shapes shapes(root);
  const std::string text = shapes.network_text();
  Description description;
  description.graph = parse_network(text, path.string(), shapes.tensors());
  description.limits = shapes.limits();
  description.images = image_source(root.at("data"));
  description.training = training_options(root.at("training"));
  sigma_data_of(description.graph);
  return description;
}

void check_same_shape(const Graph& graph, const Description& description, const std::string& where) {
  const Graph& wanted = description.graph;
  const auto& a = graph.noise_levels;
  const auto& b = wanted.noise_levels;
  if (graph.image != wanted.image || a.lowest != b.lowest || a.highest != b.highest || a.features != b.features ||
      graph.output != wanted.output || graph.nodes.size() != wanted.nodes.size()) {
    throw error("{}: image, noise_level, output or number of nodes are not those of the description of {}", where,
                wanted.name);
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (same_shape(graph.nodes[i], wanted.nodes[i])) continue;
    throw error("{}: node {} is not what the description of {} says of {}", where, graph.nodes[i].name, wanted.name,
                wanted.nodes[i].name);
  }
}

double sigma_data_of(const Graph& graph) {
  for (const Node& node : graph.nodes) {
    if (node.noise_factor == Node::NoiseFactor::edm_out) return node.sigma_data;
  }
  throw error("network {}: no node scales by edm_out, whose sigma_data the loss takes its weights from", graph.name);
}

}  // namespace settle
