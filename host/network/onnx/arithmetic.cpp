#include <cmath>
#include <utility>

#include "network/onnx/operators.hpp"

namespace settle {
namespace {

/// A constant beside a map: one number, or one per channel.
Channels channels_of(const OperatorCall& call, std::size_t i, const MapSize& size) {
  const Constant& constant = call.constant(i);
  std::vector<std::int64_t> all;
  const std::vector<std::int64_t> map = {1, size.channels, size.grid.height, size.grid.width};
  if (!common_shape(constant.shape, map, all) || all != map) {
    call.refuse("a constant of {} does not go with a map of {}", shape_of(constant), size_text(size));
  }
  const std::vector<std::size_t> places = repeated(constant.shape, map);
  const auto sites = static_cast<std::size_t>(size.grid.sites());
  Channels channels(constant.values.size() == 1 ? 1 : size.channels);
  for (std::size_t at = 0; at < places.size(); ++at) {
    const auto channel = static_cast<Eigen::Index>(channels.size() == 1 ? 0 : at / sites);
    const double value = constant.values[places[at]];
    if (!std::isfinite(value)) call.refuse("a constant is {} at this noise level", value);
    if (at % sites == 0) channels(channel) = value;
    if (channels(channel) != value) call.refuse("a constant differs from site to site: use one number per channel");
  }
  return channels;
}

void check_same_size(const OperatorCall& call) {
  if (call.map(0).size == call.map(1).size) return;
  call.refuse("maps of {} and {}: use one size", size_text(call.map(0).size), size_text(call.map(1).size));
}

/// The first map plus `sign` times the second.
MapValue sum(const OperatorCall& call, GraphBuilder& builder, double sign) {
  check_same_size(call);
  const MapValue& first = call.plain_map(0);
  const Channels factor = Channels::Constant(1, sign), none = Channels::Zero(1);
  MapValue second = call.plain_map(1);
  if (sign != 1) second = scaled(second, factor, none, name_on_the_way(call.result(), "negative"));
  if (first.source == second.source) {
    MapValue result = first;
    result.name = call.result();
    result.polynomial = sum_of(first.polynomial, second.polynomial);
    return result;
  }
  Node node;
  node.kind = Node::Kind::add;
  node.inputs = {builder.node_of(call, first), builder.node_of(call, second)};
  return builder.add(std::move(node), "add", call.result(), first.size);
}

/// The map among two inputs of which the other is a constant.
std::size_t map_at(const OperatorCall& call) { return call.is_map(0) ? 0 : 1; }

MapValue add(const OperatorCall& call, GraphBuilder& builder) {
  if (call.is_map(0) && call.is_map(1)) return sum(call, builder, 1);
  const MapValue& map = call.plain_map(map_at(call));
  return scaled(map, Channels::Ones(1), channels_of(call, 1 - map_at(call), map.size), call.result());
}

MapValue subtract(const OperatorCall& call, GraphBuilder& builder) {
  if (call.is_map(0) && call.is_map(1)) return sum(call, builder, -1);
  const MapValue& map = call.plain_map(map_at(call));
  const Channels constant = channels_of(call, 1 - map_at(call), map.size), minus = Channels::Constant(1, -1);
  if (call.is_map(0)) return scaled(map, Channels::Ones(1), product_of(constant, minus), call.result());
  return scaled(map, minus, constant, call.result());
}

MapValue product_of_maps(const OperatorCall& call, GraphBuilder& builder) {
  check_same_size(call);
  const MapValue &a = call.plain_map(0), &b = call.plain_map(1);
  for (const auto& [x, y] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    if (const std::optional<MapValue> gate = gate_of(call, builder, *x, *y)) return *gate;
  }
  if (a.source == b.source && a.polynomial.size() + b.polynomial.size() - 2 <= kHighestPower) {
    MapValue result = a;
    result.name = call.result();
    result.polynomial = product_of(a.polynomial, b.polynomial);
    return result;
  }
  call.refuse("a product of two maps: use sums and concatenation, and GELU or SiLU as torch exports them");
}

MapValue multiply(const OperatorCall& call, GraphBuilder& builder) {
  if (call.is_map(0) && call.is_map(1)) return product_of_maps(call, builder);
  const MapValue& map = call.plain_map(map_at(call));
  return scaled(map, channels_of(call, 1 - map_at(call), map.size), Channels::Zero(1), call.result());
}

MapValue divide(const OperatorCall& call, GraphBuilder& /*builder*/) {
  if (!call.is_map(0) || call.is_map(1)) call.refuse("it divides by a map: use constants");
  const MapValue& map = call.plain_map(0);
  const Channels divisor = channels_of(call, 1, map.size);
  if ((divisor == 0).any()) call.refuse("it divides by 0");
  return scaled(map, divisor.inverse(), Channels::Zero(1), call.result());
}

MapValue negate(const OperatorCall& call, GraphBuilder& /*builder*/) {
  return scaled(call.plain_map(0), Channels::Constant(1, -1), Channels::Zero(1), call.result());
}

/// Squares and cubes: parts of GELU's second form.
MapValue power(const OperatorCall& call, GraphBuilder& /*builder*/) {
  MapValue result = call.plain_map(0);
  const Constant& exponent = call.constant(1);
  const double power = exponent.values.size() == 1 ? exponent.values[0] : 0;
  if ((power != 1 && power != 2 && power != 3) ||
      (result.polynomial.size() - 1) * static_cast<std::size_t>(power) > kHighestPower) {
    call.refuse("a power of a map: only x^3 within GELU is known");
  }
  const Polynomial base = result.polynomial;
  result.name = call.result();
  for (int i = 1; i < static_cast<int>(power); ++i) result.polynomial = product_of(result.polynomial, base);
  return result;
}

MapValue batch_normalization(const OperatorCall& call, GraphBuilder& /*builder*/) {
  const MapValue& map = call.plain_map(0);
  const bool training = call.integer("training_mode", 0) != 0 || call.node().outputs.size() > 1;
  if (training) call.refuse("it is in training mode: export after model.eval()");
  const auto numbers = [&](std::size_t i) -> Channels {
    const Constant& constant = call.constant(i);
    if (constant.shape != std::vector<std::int64_t>{map.size.channels}) {
      call.refuse("input {} is {}, {} numbers are needed", i + 1, shape_of(constant), map.size.channels);
    }
    return Eigen::Map<const Channels>(constant.values.data(), map.size.channels);
  };
  const Channels weight = numbers(1), bias = numbers(2), mean = numbers(3), variance = numbers(4);
  const double epsilon = call.real("epsilon", 1e-5);
  if (!(variance + epsilon > 0).all()) call.refuse("a variance is not above 0");
  const Channels factor = weight / (variance + epsilon).sqrt();
  return scaled(map, factor, bias - factor * mean, call.result());
}

}  // namespace

std::map<std::string, MapOperator> arithmetic_operators() {
  return {{"Add", add},     {"BatchNormalization", batch_normalization},
          {"Div", divide},  {"Mul", multiply},
          {"Neg", negate},  {"Pow", power},
          {"Sub", subtract}};
}

}  // namespace settle
