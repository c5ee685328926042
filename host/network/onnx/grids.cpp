#include <algorithm>
#include <cmath>

#include "network/layers/safetensors.hpp"
#include "network/onnx/operators.hpp"

namespace settle {
namespace {

using Numbers = std::vector<std::int64_t>;

MapValue average_pool(const OperatorCall& call, GraphBuilder& builder) {
  const Numbers none = {0, 0, 0, 0}, two = {2, 2};
  if (call.integers("kernel_shape", {}) != two || call.integers("strides", {1, 1}) != two ||
      call.integers("pads", none) != none) {
    call.refuse("kernel {}, strides {}: use 2 x 2 with stride 2 and no padding",
                shape_text(call.integers("kernel_shape", {})), shape_text(call.integers("strides", {1, 1})));
  }
  const MapValue& input = call.plain_map(0);
  const Grid& from = input.size.grid;
  const bool odd = from.height % 2 != 0 || from.width % 2 != 0;
  const std::string automatic = call.text("auto_pad", "NOTSET");
  if (automatic == "SAME_LOWER" && odd) call.refuse("auto_pad SAME_LOWER on an odd grid: use ceil_mode");
  const bool keep = call.integer("ceil_mode", 0) != 0 || automatic == "SAME_UPPER" || !odd;
  Node node;
  node.kind = Node::Kind::average_pool;
  node.inputs = {builder.node_of(call, input)};
  node.edge = keep ? OddEdge::keep : OddEdge::drop;
  const MapSize size = {input.size.channels, half_grid(from, node.edge)};
  return builder.add(std::move(node), "average_pool", call.result(), size);
}

/// How a side is resized, in ONNX's words.
struct Resizing {
  std::string coordinates, rounding;

  /// The site of a side of `from` from which site i of one of `to` is taken; NaN for words that are not known.
  double source(int i, int from, int to, double scale) const {
    double x = NAN;
    if (coordinates == "asymmetric") x = i / scale;
    if (coordinates == "half_pixel") x = (i + 0.5) / scale - 0.5;
    if (coordinates == "pytorch_half_pixel") x = to > 1 ? (i + 0.5) / scale - 0.5 : 0;
    if (coordinates == "align_corners") x = to > 1 ? static_cast<double>(i) * (from - 1) / (to - 1) : 0;
    double site = NAN;
    if (rounding == "floor") site = std::floor(x);
    if (rounding == "ceil") site = std::ceil(x);
    if (rounding == "round_prefer_floor") site = std::ceil(x - 0.5);
    if (rounding == "round_prefer_ceil") site = std::floor(x + 0.5);
    return std::isnan(site) ? site : std::fmin(from - 1, std::fmax(0, site));
  }
};

/// The length of a resized side. Throws Error unless each of its sites comes from the one at half its place.
int doubled(const OperatorCall& call, const Resizing& resizing, int from, double to, double scale) {
  if (!(std::abs(to - (2 * from - 0.5)) < 1)) {
    call.refuse("it resizes a side of {} to {}: use a factor of 2, or a size of 2 n - 1 or 2 n for a side of n", from,
                to);
  }
  const int length = static_cast<int>(to);
  for (int i = 0; i < length; ++i) {
    const int wanted = i / 2;
    if (resizing.source(i, from, length, scale) != wanted) {
      call.refuse(
          "coordinates {} with {} do not take site y of the result from floor(y / 2): use mode nearest with a "
          "factor of 2",
          resizing.coordinates, resizing.rounding);
    }
  }
  return length;
}

MapValue resized(const OperatorCall& call, GraphBuilder& builder) {
  const MapValue& input = call.plain_map(0);
  if (call.text("mode", "nearest") != "nearest") {
    call.refuse("mode {}: use mode nearest", call.text("mode", "nearest"));
  }
  const bool old = call.node().op == "Upsample" || call.opset() < 11;  // no words about coordinates yet
  const Resizing resizing = {old ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel"),
                             old ? "floor" : call.text("nearest_mode", "round_prefer_floor")};
  const std::size_t scales_at = old ? 1 : 2, sizes_at = 3;
  const bool by_sizes = !old && call.has(sizes_at) && !call.constant(sizes_at).values.empty();
  if (!by_sizes && (!call.has(scales_at) || call.constant(scales_at).values.size() != 4)) {
    call.refuse("neither scales nor sizes of four sides");
  }
  const std::vector<double>& given = call.constant(by_sizes ? sizes_at : scales_at).values;
  if (given.size() != 4) call.refuse("sizes of {} sides, four are needed", given.size());
  const int from[4] = {1, input.size.channels, input.size.grid.height, input.size.grid.width};
  double to[4], scale[4];
  for (int i = 0; i < 4; ++i) {
    const double number = given[static_cast<std::size_t>(i)];
    to[i] = by_sizes ? number : std::floor(from[i] * number);
    scale[i] = by_sizes ? number / from[i] : number;
  }
  if (to[0] != from[0] || to[1] != from[1]) call.refuse("it resizes the batch or the channels: use rows and columns");
  if (to[2] == from[2] && to[3] == from[3]) return input;
  Node node;
  node.kind = Node::Kind::upsample;
  node.grid = {doubled(call, resizing, from[2], to[2], scale[2]), doubled(call, resizing, from[3], to[3], scale[3])};
  node.inputs = {builder.node_of(call, input)};
  const MapSize size = {input.size.channels, node.grid};
  return builder.add(std::move(node), "upsample", call.result(), size);
}

MapValue concatenated(const OperatorCall& call, GraphBuilder& builder) {
  const std::int64_t axis = call.integer("axis", 1);
  if (axis != 1 && axis != -3) call.refuse("axis {}: only channels (axis 1) are joined", axis);
  if (call.inputs() == 1) return call.plain_map(0);
  Node node;
  node.kind = Node::Kind::concatenate;
  MapSize size = {0, call.plain_map(0).size.grid};
  for (std::size_t i = 0; i < call.inputs(); ++i) {
    const MapValue& input = call.plain_map(i);
    if (input.size.grid != size.grid) {
      call.refuse("maps of {} and {}: use one grid", size_text(call.map(0).size), size_text(input.size));
    }
    size.channels += input.size.channels;
    node.inputs.push_back(builder.node_of(call, input));
  }
  return builder.add(std::move(node), "concatenate", call.result(), size);
}

}  // namespace

std::map<std::string, MapOperator> grid_operators() {
  return {{"AveragePool", average_pool}, {"Concat", concatenated}, {"Resize", resized}, {"Upsample", resized}};
}

}  // namespace settle
