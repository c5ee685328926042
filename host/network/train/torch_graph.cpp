#include "network/train/torch_graph.hpp"

#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace settle {
namespace {

using Kind = Node::Kind;

/// Rows of numbers as a tensor of `shape`.
torch::Tensor tensor_of(const Map& numbers, const std::vector<std::int64_t>& shape) {
  torch::Tensor result = torch::empty(shape);
  std::copy(numbers.data(), numbers.data() + numbers.size(), result.data_ptr<float>());
  return result;
}

torch::Tensor tensor_of(const Eigen::VectorXf& numbers) {
  return tensor_of(Map(numbers.transpose()), {numbers.size()});
}

/// A tensor as `rows` rows.
Map rows_of(const torch::Tensor& tensor, Eigen::Index rows) {
  const torch::Tensor plain = tensor.detach().to(torch::kFloat).contiguous();
  return Eigen::Map<const Map>(plain.data_ptr<float>(), rows, plain.numel() / rows);
}

torch::Tensor trained(torch::Tensor tensor) { return tensor.requires_grad_(true); }

torch::Tensor features_of(const NoiseLevels& levels, const torch::Tensor& sigma) {
  const double range = std::log(levels.highest / levels.lowest);
  const torch::Tensor u =
      range > 0 ? ((sigma / levels.lowest).log() / range).clamp(0.0, 1.0) : torch::zeros_like(sigma);
  const torch::Tensor k = torch::arange(1, levels.features + 1, torch::kFloat);
  return (u.unsqueeze(1) * k.unsqueeze(0) * M_PI).cos();
}

/// The mean over the existing sites of each 2 x 2 block.
torch::Tensor halved(const torch::Tensor& x, OddEdge edge) {
  const auto options = torch::nn::functional::AvgPool2dFuncOptions(2).stride(2);
  return torch::nn::functional::avg_pool2d(
      x,
      torch::nn::functional::AvgPool2dFuncOptions(options).ceil_mode(edge == OddEdge::keep).count_include_pad(false));
}

torch::Tensor activation_of(const Activation& activation, const torch::Tensor& u) {
  switch (activation.kind) {
    case Activation::Kind::identity:
      return u;
    case Activation::Kind::leaky_relu:
      if (activation.slopes.size() == 1) return torch::leaky_relu(u, activation.slopes[0]);
      return torch::prelu(u, torch::tensor(activation.slopes));
    case Activation::Kind::softplus:
      return torch::softplus(u, activation.beta);
    case Activation::Kind::sigmoid:
      return torch::sigmoid(u);
    case Activation::Kind::tanh:
      return torch::tanh(u);
    case Activation::Kind::silu:
      return torch::silu(u);
    case Activation::Kind::gelu:
      return torch::gelu(u);
    case Activation::Kind::gelu_tanh:
      return torch::gelu(u, "tanh");
    case Activation::Kind::clip:
      return torch::clamp(u, activation.lowest, activation.highest);
  }
  throw error("training: activation {} is not known", activation_name(activation.kind));
}

/// One number or one per channel, to be multiplied with maps.
torch::Tensor per_channel(const Eigen::VectorXf& numbers) { return tensor_of(numbers).reshape({1, -1, 1, 1}); }

torch::Tensor scaled(const Node& node, const torch::Tensor& x, const torch::Tensor& sigma) {
  const double data = node.sigma_data;
  const torch::Tensor s = sigma.reshape({-1, 1, 1, 1}), total = s * s + data * data;
  torch::Tensor result = x;
  switch (node.noise_factor) {
    case Node::NoiseFactor::one:
      break;
    case Node::NoiseFactor::edm_in:
      result = x / total.sqrt();
      break;
    case Node::NoiseFactor::edm_skip:
      result = x * (data * data / total);
      break;
    case Node::NoiseFactor::edm_out:
      result = x * (s * data / total.sqrt());
      break;
  }
  if (node.factor.size() != 1 || node.factor(0) != 1) result = result * per_channel(node.factor);
  if (node.offset.size() != 1 || node.offset(0) != 0) result = result + per_channel(node.offset);
  return result;
}

torch::Tensor sum_of(const std::vector<torch::Tensor>& inputs) {
  torch::Tensor sum = inputs[0];
  for (std::size_t i = 1; i < inputs.size(); ++i) sum = sum + inputs[i];
  return sum;
}

}  // namespace

TorchGraph::TorchGraph(Graph graph) : graph_(std::move(graph)) {
  for (const Node& node : graph_.nodes) {
    Weights weights;
    if (node.kind == Kind::convolution) {
      const KernelWindow& w = node.window;
      weights.weight =
          tensor_of(node.weights, {node.weights.rows(), node.weights.cols() / w.taps(), w.height, w.width});
      if (node.noise.size() != 0) {
        weights.noise = trained(tensor_of(node.noise, {node.noise.rows(), node.noise.cols()}));
      }
    } else if (node.kind == Kind::transposed_convolution) {
      weights.weight = tensor_of(Map(node.weights.transpose()), {node.weights.cols(), node.weights.rows() / 4, 2, 2});
    } else {
      continue;
    }
    weights.weight = trained(weights.weight.contiguous(at::MemoryFormat::ChannelsLast));
    weights.bias = trained(tensor_of(node.bias));
    weights_[node.name] = weights;
  }
}

void TorchGraph::start(double variance) {
  const torch::NoGradGuard no_grad;
  for (const Node& node : graph_.nodes) {
    const auto found = weights_.find(node.name);
    if (found == weights_.end()) continue;
    torch::Tensor& weight = found->second.weight;
    const bool transposed = node.kind == Kind::transposed_convolution;
    const auto taken_in = static_cast<double>(transposed ? weight.size(0) : weight[0].numel());
    weight.copy_(torch::randn(weight.sizes()) * std::sqrt(variance / taken_in));
  }
}

void TorchGraph::limit(const std::string& node, const KernelLimit& limit) {
  Weights& weights = weights_.at(node);
  weights.limited = std::make_shared<LimitedKernel>(weights.weight, limit.bottleneck_rank, limit.skip_rank);
}

void TorchGraph::lift_limits() {
  const torch::NoGradGuard no_grad;
  for (auto& [name, weights] : weights_) {
    if (weights.limited) weights.weight.copy_(weights.limited->kernel());
    weights.limited.reset();
  }
}

torch::Tensor TorchGraph::convolved(const Node& node, const torch::Tensor& x, const torch::Tensor& features) const {
  const Weights& weights = weights_.at(node.name);
  const KernelWindow& w = node.window;
  const bool even = w.top == w.bottom && w.left == w.right;
  const torch::Tensor padded = even ? x : torch::constant_pad_nd(x, {w.left, w.right, w.top, w.bottom});
  const std::vector<std::int64_t> padding = {even ? w.top : 0, even ? w.left : 0};
  const torch::Tensor kernel = weights.limited ? weights.limited->kernel() : weights.weight;
  const torch::Tensor sums = torch::conv2d(padded, kernel, weights.bias, w.stride, padding);
  if (!weights.noise.defined()) return sums;
  const torch::Tensor shift = (features.unsqueeze(1) * weights.noise.unsqueeze(0)).sum(2);
  return sums + shift.unsqueeze(2).unsqueeze(3);
}

torch::Tensor TorchGraph::evaluated(const Node& node, const std::vector<torch::Tensor>& inputs,
                                    const torch::Tensor& features, const torch::Tensor& sigma) const {
  const torch::Tensor& x = inputs.at(0);
  switch (node.kind) {
    case Kind::convolution:
      return convolved(node, x, features);
    case Kind::transposed_convolution:
      return torch::conv_transpose2d(x, weights_.at(node.name).weight, weights_.at(node.name).bias, 2);
    case Kind::average_pool:
      return halved(x, node.edge);
    case Kind::upsample:  // site n takes source site floor(n / 2)
      return at::upsample_nearest2d(x, {node.grid.height, node.grid.width}, 2.0, 2.0);
    case Kind::concatenate:
      return torch::cat(inputs, 1);
    case Kind::add:
      return sum_of(inputs);
    case Kind::scale:
      return scaled(node, x, sigma);
    case Kind::activation:
      return activation_of(node.activation, x);
  }
  throw error("training: {}: a kind of node that is not known", node.name);
}

TorchMaps TorchGraph::forward(const torch::Tensor& noisy, const torch::Tensor& sigma) const {
  const torch::Tensor features = features_of(graph_.noise_levels, sigma);
  TorchMaps maps = {{kImageNode, noisy}};
  for (const Node& node : graph_.nodes) {
    std::vector<torch::Tensor> inputs;
    for (const std::string& input : node.inputs) inputs.push_back(maps.at(input));
    maps[node.name] = evaluated(node, inputs, features, sigma);
  }
  return maps;
}

torch::Tensor TorchGraph::denoised(const torch::Tensor& noisy, const torch::Tensor& sigma) const {
  return forward(noisy, sigma).at(graph_.output);
}

std::vector<torch::Tensor> TorchGraph::parameters() const {
  std::vector<torch::Tensor> all;
  for (const auto& [name, weights] : weights_) {
    if (weights.limited) {
      for (const torch::Tensor& part : weights.limited->parameters()) all.push_back(part);
    } else {
      all.push_back(weights.weight);
    }
    all.push_back(weights.bias);
    if (weights.noise.defined()) all.push_back(weights.noise);
  }
  return all;
}

Graph TorchGraph::graph() const {
  Graph graph = graph_;
  for (Node& node : graph.nodes) {
    const auto found = weights_.find(node.name);
    if (found == weights_.end()) continue;
    const Weights& weights = found->second;
    if (node.kind == Kind::convolution) {
      node.weights = rows_of(weights.limited ? weights.limited->kernel() : weights.weight, node.weights.rows());
    } else {
      node.weights = rows_of(weights.weight, node.weights.cols()).transpose();
    }
    node.bias = rows_of(weights.bias, 1).row(0).transpose();
    if (weights.noise.defined()) node.noise = rows_of(weights.noise, node.noise.rows());
  }
  return graph;
}

}  // namespace settle
