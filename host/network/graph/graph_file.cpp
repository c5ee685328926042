#include "network/graph/graph_file.hpp"

#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "network/layers/safetensors.hpp"

namespace settle {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Node::Kind;

constexpr std::array<std::pair<Node::NoiseFactor, const char*>, 3> kNoiseFactors = {
    {{Node::NoiseFactor::edm_in, "edm_in"},
     {Node::NoiseFactor::edm_skip, "edm_skip"},
     {Node::NoiseFactor::edm_out, "edm_out"}}};

Kind kind_of(const JsonValue& value) {
  std::vector<std::string> names;
  for (int k = 0; k <= static_cast<int>(Kind::activation); ++k) {
    const auto kind = static_cast<Kind>(k);
    if (kind_name(kind) == value.text()) return kind;
    names.push_back(kind_name(kind));
  }
  value.refuse(fmt::format("one of {}", fmt::join(names, ", ")));
}

/// [outputs, inputs, height, width] as a Kernel; [inputs, outputs, 2, 2] as transposed_convolve() takes it.
Map as_kernel(const Tensor& tensor) {
  const auto columns = static_cast<Eigen::Index>(tensor.values.size()) / tensor.shape[0];
  return Eigen::Map<const Map>(tensor.values.data(), tensor.shape[0], columns);
}

Eigen::VectorXf as_vector(const std::vector<float>& values) {
  return Eigen::Map<const Eigen::VectorXf>(values.data(), static_cast<Eigen::Index>(values.size()));
}

class Reader {
 public:
  /// `file`: what `root` is named in errors.
  Reader(JsonValue root, std::string file, TensorFile weights)
      : root_(std::move(root)), file_(std::move(file)), weights_(std::move(weights)) {}

  Graph read() {
    Graph graph;
    graph.name = root_.at("name").text();
    const JsonValue image = root_.at("image");
    image.keys({"channels", "height", "width"});
    graph.image = {image.at("channels").integer(1, kMostChannels),
                   {image.at("height").integer(1, kMostSide), image.at("width").integer(1, kMostSide)}};
    const JsonValue levels = root_.at("noise_level");
    levels.keys({"lowest", "highest", "features"});
    graph.noise_levels = {levels.at("lowest").number(), levels.at("highest").number(),
                          levels.at("features").integer(0, kMostChannels)};
    for (const JsonValue& item : root_.at("nodes").items()) graph.nodes.push_back(read_node(item));
    graph.output = root_.at("output").text();
    for (const auto& [name, unused] : weights_.tensors) {
      if (known_.count(name) == 0) throw error("{}: tensor {} belongs to no node of {}", weights_.name, name, file_);
    }
    check(graph, file_);
    return graph;
  }

 private:
  Node read_node(const JsonValue& item) {
    Node node;
    node.kind = kind_of(item.at("kind"));
    std::vector<std::string> keys = {"name", "kind", "inputs"}, optional;
    switch (node.kind) {
      case Kind::convolution:
        keys.insert(keys.end(), {"weights", "bias"});
        optional = {"stride", "padding", "noise"};
        break;
      case Kind::transposed_convolution:
        keys.insert(keys.end(), {"weights", "bias"});
        break;
      case Kind::average_pool:
        optional = {"odd_edge"};
        break;
      case Kind::upsample:
        keys.insert(keys.end(), {"height", "width"});
        break;
      case Kind::concatenate:
      case Kind::add:
        break;
      case Kind::scale:
        optional = {"factor", "offset", "noise_factor", "sigma_data"};
        break;
      case Kind::activation:
        keys.emplace_back("function");
        optional = {"slope", "beta", "lowest", "highest"};
        break;
    }
    item.keys(keys, optional);
    node.name = item.at("name").text();
    node.inputs = item.at("inputs").texts();
    switch (node.kind) {
      case Kind::convolution:
        read_convolution(item, node);
        break;
      case Kind::transposed_convolution:
        read_transposed(item, node);
        break;
      case Kind::average_pool:
        if (item.has("odd_edge")) node.edge = edge_of(item.at("odd_edge"));
        break;
      case Kind::upsample:
        node.grid = {item.at("height").integer(1, kMostSide), item.at("width").integer(1, kMostSide)};
        break;
      case Kind::concatenate:
      case Kind::add:
        break;
      case Kind::scale:
        read_scale(item, node);
        break;
      case Kind::activation:
        read_activation(item, node);
        break;
    }
    return node;
  }

  static OddEdge edge_of(const JsonValue& value) {
    if (value.text() == "keep") return OddEdge::keep;
    if (value.text() == "drop") return OddEdge::drop;
    value.refuse("keep or drop");
  }

  const Tensor& tensor(const JsonValue& value) {
    const auto found = weights_.tensors.find(value.text());
    if (found == weights_.tensors.end()) value.fail(fmt::format("{} has no tensor {}", weights_.name, value.text()));
    known_.insert(value.text());
    return found->second;
  }

  const Tensor& kernel_tensor(const JsonValue& value) {
    const Tensor& found = tensor(value);
    if (found.shape.size() != 4 || found.values.empty()) {
      value.fail(fmt::format("tensor {} is {}, four numbers are needed", value.text(), shape_text(found.shape)));
    }
    return found;
  }

  void read_convolution(const JsonValue& item, Node& node) {
    const Tensor& weights = kernel_tensor(item.at("weights"));
    node.weights = as_kernel(weights);
    node.bias = as_vector(tensor(item.at("bias")).values);
    KernelWindow& w = node.window;
    w.height = static_cast<int>(std::min<std::int64_t>(weights.shape[2], kMostSide));
    w.width = static_cast<int>(std::min<std::int64_t>(weights.shape[3], kMostSide));
    if (item.has("stride")) w.stride = item.at("stride").integer(1, 2);
    w.top = w.bottom = w.height / 2;
    w.left = w.right = w.width / 2;
    if (item.has("padding")) {
      const std::vector<JsonValue> sides = item.at("padding").items();
      if (sides.size() != 4) item.at("padding").refuse("a list of 4: top, left, bottom, right");
      const auto side = [&](std::size_t i) { return sides[i].integer(0, kMostKernelSide - 1); };
      w.top = side(0), w.left = side(1), w.bottom = side(2), w.right = side(3);
    }
    if (item.has("noise")) {
      const Tensor& noise = tensor(item.at("noise"));
      if (noise.shape.size() != 2 || noise.values.empty()) {
        item.at("noise").fail(fmt::format("tensor is {}, [outputs, features] is needed", shape_text(noise.shape)));
      }
      node.noise = as_kernel(noise);
    }
  }

  void read_transposed(const JsonValue& item, Node& node) {
    const Tensor& weights = kernel_tensor(item.at("weights"));
    if (weights.shape[2] != 2 || weights.shape[3] != 2) {
      item.at("weights").fail(
          fmt::format("tensor is {}, [inputs, outputs, 2, 2] is needed", shape_text(weights.shape)));
    }
    node.weights = as_kernel(weights).transpose();
    node.bias = as_vector(tensor(item.at("bias")).values);
  }

  /// One number, or a tensor of one per channel.
  Eigen::VectorXf numbers(const JsonValue& item, const char* key, float usual) {
    if (!item.has(key)) return Eigen::VectorXf::Constant(1, usual);
    const JsonValue value = item.at(key);
    if (value.is_text()) return as_vector(tensor(value).values);
    return Eigen::VectorXf::Constant(1, static_cast<float>(value.number()));
  }

  void read_scale(const JsonValue& item, Node& node) {
    node.factor = numbers(item, "factor", 1);
    node.offset = numbers(item, "offset", 0);
    if (item.has("noise_factor") != item.has("sigma_data")) item.fail("noise_factor and sigma_data go together");
    if (!item.has("noise_factor")) return;
    node.sigma_data = item.at("sigma_data").number();
    std::vector<std::string> names;
    for (const auto& [factor, name] : kNoiseFactors) {
      if (item.at("noise_factor").text() == name) node.noise_factor = factor;
      names.emplace_back(name);
    }
    if (node.noise_factor == Node::NoiseFactor::one) {
      item.at("noise_factor").refuse(fmt::format("one of {}", fmt::join(names, ", ")));
    }
  }

  void read_activation(const JsonValue& item, Node& node) {
    Activation& a = node.activation;
    a.kind = activation_kind(item.at("function").text(), fmt::format("{}: {}", file_, item.at("function").place()));
    std::vector<std::string> keys = {"name", "kind", "inputs", "function"};
    if (a.kind == Activation::Kind::leaky_relu) keys.emplace_back("slope");
    if (a.kind == Activation::Kind::softplus) keys.emplace_back("beta");
    if (a.kind == Activation::Kind::clip) keys.insert(keys.end(), {"lowest", "highest"});
    item.keys(keys);
    if (a.kind == Activation::Kind::leaky_relu) {
      const Eigen::VectorXf slopes = numbers(item, "slope", 0);
      a.slopes.assign(slopes.begin(), slopes.end());
    }
    if (a.kind == Activation::Kind::softplus) a.beta = item.at("beta").number();
    if (a.kind == Activation::Kind::clip) {
      a.lowest = item.at("lowest").number();
      a.highest = item.at("highest").number();
    }
  }

  JsonValue root_;
  std::string file_;
  TensorFile weights_;
  std::set<std::string> known_;
};

class Writer {
 public:
  Writer(const Graph& graph, const std::map<std::string, std::string>& metadata) : graph_(graph) {
    tensors_.metadata = metadata;
  }

  void write(const std::filesystem::path& network, const std::filesystem::path& weights) {
    Json root;
    root["format"] = kNetworkFormat;
    root["name"] = graph_.name;
    root["weights"] = weights.filename().string();
    root["image"] = {
        {"channels", graph_.image.channels}, {"height", graph_.image.grid.height}, {"width", graph_.image.grid.width}};
    const NoiseLevels& levels = graph_.noise_levels;
    root["noise_level"] = {{"lowest", levels.lowest}, {"highest", levels.highest}, {"features", levels.features}};
    root["nodes"] = Json::array();
    for (const Node& node : graph_.nodes) root["nodes"].push_back(of(node));
    root["output"] = graph_.output;
    tensors_.name = weights.string();
    write_together({{weights, safetensors_text(tensors_)}, {network, to_text(root)}});
  }

 private:
  Json of(const Node& node) {
    Json json = {{"name", node.name}, {"kind", kind_name(node.kind)}, {"inputs", node.inputs}};
    switch (node.kind) {
      case Kind::convolution: {
        const KernelWindow& w = node.window;
        const std::int64_t inputs = node.weights.cols() / w.taps();
        json["weights"] = keep(node.name + ".weight", {node.weights.rows(), inputs, w.height, w.width}, node.weights);
        json["bias"] = keep(node.name + ".bias", {node.bias.size()}, node.bias);
        json["stride"] = w.stride;
        json["padding"] = {w.top, w.left, w.bottom, w.right};
        if (node.noise.size() != 0) {
          json["noise"] = keep(node.name + ".noise", {node.noise.rows(), node.noise.cols()}, node.noise);
        }
        break;
      }
      case Kind::transposed_convolution:
        json["weights"] =
            keep(node.name + ".weight", {node.weights.cols(), node.weights.rows() / 4, 2, 2}, node.weights.transpose());
        json["bias"] = keep(node.name + ".bias", {node.bias.size()}, node.bias);
        break;
      case Kind::average_pool:
        json["odd_edge"] = node.edge == OddEdge::keep ? "keep" : "drop";
        break;
      case Kind::upsample:
        json["height"] = node.grid.height;
        json["width"] = node.grid.width;
        break;
      case Kind::concatenate:
      case Kind::add:
        break;
      case Kind::scale:
        json["factor"] = numbers(node.name + ".factor", node.factor);
        json["offset"] = numbers(node.name + ".offset", node.offset);
        for (const auto& [factor, name] : kNoiseFactors) {
          if (node.noise_factor != factor) continue;
          json["noise_factor"] = name;
          json["sigma_data"] = node.sigma_data;
        }
        break;
      case Kind::activation: {
        const Activation& a = node.activation;
        json["function"] = activation_name(a.kind);
        if (a.kind == Activation::Kind::leaky_relu) json["slope"] = numbers(node.name + ".slope", as_vector(a.slopes));
        if (a.kind == Activation::Kind::softplus) json["beta"] = a.beta;
        if (a.kind == Activation::Kind::clip) {
          json["lowest"] = a.lowest;
          json["highest"] = a.highest;
        }
        break;
      }
    }
    return json;
  }

  std::string keep(const std::string& name, const std::vector<std::int64_t>& shape, const Map& values) {
    tensors_.tensors[name] = {shape, std::vector<float>(values.data(), values.data() + values.size())};
    return name;
  }

  Json numbers(const std::string& name, const Eigen::VectorXf& values) {
    if (values.size() == 1) return static_cast<double>(values(0));
    return keep(name, {values.size()}, values);
  }

  const Graph& graph_;
  TensorFile tensors_;
};

void check_keys(const JsonValue& root) {
  if (root.has("format") && root.at("format").text() != kNetworkFormat) {
    root.at("format").refuse(fmt::format("\"{}\"", kNetworkFormat));
  }
  root.keys({"format", "name", "weights", "image", "noise_level", "nodes", "output"});
}

}  // namespace

NetworkFile read_network(const std::filesystem::path& path) {
  const JsonValue root = read_json(path);
  check_keys(root);
  NetworkFile file;
  file.weights = path.parent_path() / root.at("weights").text();
  file.graph = Reader(root, path.string(), read_safetensors(file.weights)).read();
  return file;
}

Graph parse_network(const std::string& text, const std::string& file, const TensorFile& weights) {
  const JsonValue root = parse_json(text, file);
  check_keys(root);
  return Reader(root, file, weights).read();
}

std::filesystem::path write_network(const std::filesystem::path& folder, const Graph& graph,
                                    const std::map<std::string, std::string>& metadata) {
  const std::filesystem::path network = folder / (graph.name + ".network.json");
  Writer(graph, metadata).write(network, folder / (graph.name + ".safetensors"));
  return network;
}

}  // namespace settle
