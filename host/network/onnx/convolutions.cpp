#include <algorithm>

#include "network/layers/safetensors.hpp"
#include "network/onnx/operators.hpp"

namespace settle {
namespace {

using Sides = std::vector<std::int64_t>;

/// Weights, [a, b, height, width], of which a * b rows of height * width numbers.
Map matrix_of(const Constant& weights) {
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> numbers(
      weights.values.data(), weights.shape[0], static_cast<Eigen::Index>(weights.values.size()) / weights.shape[0]);
  return numbers.cast<float>();
}

Eigen::VectorXf bias_of(const OperatorCall& call, std::int64_t channels) {
  if (!call.has(2)) return Eigen::VectorXf::Zero(channels);
  const Constant& bias = call.constant(2);
  if (bias.shape != Sides{channels}) {
    call.refuse("its bias has shape {}, {} is needed", shape_of(bias), shape_text({channels}));
  }
  return Eigen::Map<const Eigen::VectorXd>(bias.values.data(), channels).cast<float>();
}

const Constant& weights_of(const OperatorCall& call) {
  const Constant& weights = call.constant(1);
  if (weights.rank() != 4 || weights.values.empty()) {
    call.refuse("its weights have shape {}, four sides are needed", shape_of(weights));
  }
  if (call.integer("group", 1) != 1) {
    call.refuse("{} groups: use convolutions of one group (groups=1)", call.integer("group", 1));
  }
  if (call.integers("dilations", {1, 1}) != Sides{1, 1}) call.refuse("dilation: use convolutions without (dilation=1)");
  const Sides kernel = {weights.shape[2], weights.shape[3]};
  if (call.integers("kernel_shape", kernel) != kernel) {
    call.refuse("its weights have shape {}, kernel_shape says {}", shape_of(weights),
                shape_text(call.integers("kernel_shape", kernel)));
  }
  return weights;
}

void check_channels(const OperatorCall& call, std::int64_t wanted) {
  if (wanted != call.map(0).size.channels) {
    call.refuse("its weights are for {} channels, the map has {}", wanted, call.map(0).size.channels);
  }
}

/// Sets the zeros at both ends of a side so that its result has ceil(length / stride) sites.
void pad_same(int length, int kernel, int stride, bool more_at_end, int& before, int& after) {
  const int results = (length + stride - 1) / stride, zeros = std::max(0, (results - 1) * stride + kernel - length);
  before = more_at_end ? zeros / 2 : zeros - zeros / 2;
  after = zeros - before;
}

KernelWindow window_of(const OperatorCall& call, const Constant& weights) {
  const MapValue& map = call.map(0);
  const Sides strides = call.integers("strides", {1, 1}), pads = call.integers("pads", {0, 0, 0, 0});
  KernelWindow window;
  window.height = static_cast<int>(std::min<std::int64_t>(weights.shape[2], kMostSide));
  window.width = static_cast<int>(std::min<std::int64_t>(weights.shape[3], kMostSide));
  if (window.height > kMostKernelSide || window.width > kMostKernelSide) {
    call.refuse("a kernel of {} x {}: use at most {} x {}", weights.shape[2], weights.shape[3], kMostKernelSide,
                kMostKernelSide);
  }
  if (strides != Sides{1, 1} && strides != Sides{2, 2}) {
    call.refuse("strides {}: use 1, or 2 to halve the grid", shape_text(strides));
  }
  window.stride = static_cast<int>(strides[0]);
  const std::string automatic = call.text("auto_pad", "NOTSET");
  const bool good = pads.size() == 4 &&
                    std::all_of(pads.begin(), pads.end(), [](std::int64_t p) { return p >= 0 && p < kMostKernelSide; });
  if (!good) call.refuse("pads {}: 0 to {} are allowed", shape_text(pads), kMostKernelSide - 1);
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    const bool upper = automatic == "SAME_UPPER";
    pad_same(map.size.grid.height + map.zeros.top + map.zeros.bottom, window.height, window.stride, upper, window.top,
             window.bottom);
    pad_same(map.size.grid.width + map.zeros.left + map.zeros.right, window.width, window.stride, upper, window.left,
             window.right);
  } else {
    const bool none = automatic == "VALID";
    const auto pad = [&](std::size_t i) { return none ? 0 : static_cast<int>(pads[i]); };
    window.top = pad(0), window.left = pad(1), window.bottom = pad(2), window.right = pad(3);
  }
  window.top += map.zeros.top, window.left += map.zeros.left;
  window.bottom += map.zeros.bottom, window.right += map.zeros.right;
  return window;
}

MapValue convolution(const OperatorCall& call, GraphBuilder& builder) {
  const Constant& weights = weights_of(call);
  check_channels(call, weights.shape[1]);
  MapValue input = call.map(0);
  Node node;
  node.kind = Node::Kind::convolution;
  node.window = window_of(call, weights);
  const Grid from = input.size.grid, made = node.window.result(from);
  if (made != (node.window.stride == 1 ? from : half_grid(from))) {
    call.refuse(
        "it makes {} x {} of {} x {}: use padding that keeps the grid or, with stride 2, halves it (rounded up)",
        made.height, made.width, from.height, from.width);
  }
  node.weights = matrix_of(weights);
  node.bias = bias_of(call, weights.shape[0]);
  input.zeros = {};
  node.inputs = {builder.node_of(call, input)};
  return builder.add(std::move(node), "conv", call.result(), {static_cast<int>(weights.shape[0]), made});
}

MapValue transposed_convolution(const OperatorCall& call, GraphBuilder& builder) {
  const Constant& weights = weights_of(call);
  check_channels(call, weights.shape[0]);
  const bool doubles = weights.shape[2] == 2 && weights.shape[3] == 2 &&
                       call.integers("strides", {1, 1}) == Sides{2, 2} &&
                       call.integers("pads", {0, 0, 0, 0}) == Sides{0, 0, 0, 0} &&
                       call.integers("output_padding", {0, 0}) == Sides{0, 0} && !call.has_attribute("output_shape");
  const std::string automatic = call.text("auto_pad", "NOTSET");
  if (!doubles || automatic == "SAME_LOWER") {
    call.refuse("use a kernel of 2 x 2 with stride 2 and no padding, or upsampling and a convolution");
  }
  const MapValue& input = call.plain_map(0);
  Node node;
  node.kind = Node::Kind::transposed_convolution;
  node.inputs = {builder.node_of(call, input)};
  node.weights = matrix_of(weights).transpose();
  node.bias = bias_of(call, weights.shape[1]);
  const MapSize size = {static_cast<int>(weights.shape[1]), {2 * input.size.grid.height, 2 * input.size.grid.width}};
  return builder.add(std::move(node), "conv_transpose", call.result(), size);
}

MapValue padded(const OperatorCall& call, GraphBuilder& /*builder*/) {
  const Sides pads = call.integers_of(1, "pads");
  const bool constant = call.text("mode", "constant") == "constant";
  double value = call.real("value", 0);
  if (call.has(2)) value = call.constant(2).values.empty() ? 0 : call.constant(2).values[0];
  const auto allowed = [](std::int64_t p) { return p >= 0 && p < kMostKernelSide; };
  if (pads.size() != 8 || !std::all_of(pads.begin(), pads.end(), allowed) ||
      pads[0] + pads[1] + pads[4] + pads[5] != 0) {
    call.refuse("pads {}: only rows and columns, 0 to {}, are padded", shape_text(pads), kMostKernelSide - 1);
  }
  MapValue result = call.map(0);
  if (std::all_of(pads.begin(), pads.end(), [](std::int64_t p) { return p == 0; })) return result;
  if (!constant || value != 0) call.refuse("it pads with something other than zeros: use padding with zeros");
  result.name = call.result();
  result.zeros.top += static_cast<int>(pads[2]), result.zeros.left += static_cast<int>(pads[3]);
  result.zeros.bottom += static_cast<int>(pads[6]), result.zeros.right += static_cast<int>(pads[7]);
  return result;
}

}  // namespace

std::map<std::string, MapOperator> convolution_operators() {
  return {{"Conv", convolution}, {"ConvTranspose", transposed_convolution}, {"Pad", padded}};
}

}  // namespace settle
