#include <cmath>
#include <memory>

#include "network/onnx/operators.hpp"

namespace settle {
namespace {

Activation of_kind(Activation::Kind kind) {
  Activation activation;
  activation.kind = kind;
  return activation;
}

Activation leaky(std::vector<float> slopes) {
  Activation activation = of_kind(Activation::Kind::leaky_relu);
  activation.slopes = std::move(slopes);
  return activation;
}

MapValue relu(const OperatorCall& call, GraphBuilder& builder) {
  return builder.activated(call, call.plain_map(0), leaky({0}), call.result());
}

MapValue leaky_relu(const OperatorCall& call, GraphBuilder& builder) {
  const auto slope = static_cast<float>(call.real("alpha", 0.01));
  return builder.activated(call, call.plain_map(0), leaky({slope}), call.result());
}

MapValue slopes_relu(const OperatorCall& call, GraphBuilder& builder) {  // PRelu
  const MapValue& map = call.plain_map(0);
  const Constant& slope = call.constant(1);
  std::vector<float> slopes(slope.values.begin(), slope.values.end());
  const std::vector<std::int64_t> per_channel = {map.size.channels, 1, 1};
  std::vector<std::int64_t> shape = slope.shape;
  if (shape.size() == 4 && shape[0] == 1) shape.erase(shape.begin());
  if (slopes.size() != 1 && shape != per_channel) {
    call.refuse("slopes of {}: use one, or one per channel", shape_of(slope));
  }
  return builder.activated(call, map, leaky(std::move(slopes)), call.result());
}

MapValue softplus(const OperatorCall& call, GraphBuilder& builder) {
  return builder.activated(call, call.plain_map(0), of_kind(Activation::Kind::softplus), call.result());
}

/// A function that may turn out to be a part of GELU or SiLU.
MapValue pending(const OperatorCall& call, Source::Function function) {
  const MapValue& map = call.plain_map(0);
  MapValue result;
  result.name = call.result();
  result.size = map.size;
  result.source = std::make_shared<Source>();
  result.source->function = function;
  result.source->argument = std::make_shared<const MapValue>(map);
  result.source->name = call.result();
  return result;
}

MapValue sigmoid(const OperatorCall& call, GraphBuilder& /*builder*/) {
  return pending(call, Source::Function::sigmoid);
}
MapValue tanh(const OperatorCall& call, GraphBuilder& /*builder*/) { return pending(call, Source::Function::tanh); }
MapValue erf(const OperatorCall& call, GraphBuilder& /*builder*/) { return pending(call, Source::Function::erf); }

/// The nearest number from `lowest` to `highest`, either of which may be none (infinite).
MapValue clipped(const OperatorCall& call, GraphBuilder& builder, double lowest, double highest) {
  const MapValue& map = call.plain_map(0);
  const bool low = std::isfinite(lowest), high = std::isfinite(highest);
  const Channels one = Channels::Ones(1), zero = Channels::Zero(1);
  const auto number = [](double value) { return Channels::Constant(1, value); };
  if (low && high) {
    if (!(lowest < highest)) call.refuse("it clips to {} to {}, which is no range", lowest, highest);
    Activation clip = of_kind(Activation::Kind::clip);
    clip.lowest = lowest;
    clip.highest = highest;
    return builder.activated(call, map, clip, call.result());
  }
  if (!low && !high) return map;
  // One bound is a rectifier: of u - lowest, or of highest - u.
  const double sign = low ? 1 : -1, bound = low ? lowest : highest;
  const MapValue argument = sign == 1 && bound == 0 ? map
                                                    : scaled(map, number(sign), number(-sign * bound),
                                                             name_on_the_way(call.result(), "argument"));
  const MapValue made = builder.activated(call, argument, leaky({0}), call.result());
  if (sign == 1 && bound == 0) return made;
  return scaled(made, number(sign), number(bound), name_on_the_way(call.result(), "scaled"));
}

/// The largest numbers of float, which exporters write for no bound, count as none.
double bound_of(double value, double none) { return std::abs(value) > 3e38 ? none : value; }

double bound_at(const OperatorCall& call, std::size_t i) {
  if (call.constant(i).values.size() != 1) {
    call.refuse("a bound of {}: use one number", shape_of(call.constant(i)));
  }
  return call.constant(i).values[0];
}

MapValue clip(const OperatorCall& call, GraphBuilder& builder) {
  const double lowest = call.has(1) ? bound_at(call, 1) : call.real("min", -INFINITY);
  const double highest = call.has(2) ? bound_at(call, 2) : call.real("max", INFINITY);
  return clipped(call, builder, bound_of(lowest, -INFINITY), bound_of(highest, INFINITY));
}

/// Max or Min of a map and one number.
MapValue bounded(const OperatorCall& call, GraphBuilder& builder) {
  if (call.inputs() != 2 || !call.is_map(0) || call.is_map(1)) call.refuse("use a map first and one number second");
  const double bound = bound_at(call, 1);
  return call.node().op == "Max" ? clipped(call, builder, bound_of(bound, -INFINITY), INFINITY)
                                 : clipped(call, builder, -INFINITY, bound_of(bound, INFINITY));
}

MapValue same(const OperatorCall& call, GraphBuilder& /*builder*/) { return call.map(0); }

MapValue dropout(const OperatorCall& call, GraphBuilder& /*builder*/) {
  const bool training = call.has(2) && !call.constant(2).values.empty() && call.constant(2).values[0] != 0;
  if (training) call.refuse("it is in training mode: export after model.eval()");
  return call.map(0);
}

MapValue cast(const OperatorCall& call, GraphBuilder& /*builder*/) {
  const std::int64_t to = call.integer("to", 0);
  const bool real = to == 1 || to == 10 || to == 11 || to == 16;  // float, float16, double, bfloat16
  if (!real) call.refuse("it rounds a map to whole numbers: use floating point");
  return call.map(0);
}

}  // namespace

std::map<std::string, MapOperator> activation_operators() {
  return {{"Cast", cast},         {"Clip", clip},   {"Dropout", dropout}, {"Erf", erf},
          {"Identity", same},     {"Max", bounded}, {"Min", bounded},     {"LeakyRelu", leaky_relu},
          {"PRelu", slopes_relu}, {"Relu", relu},   {"Sigmoid", sigmoid}, {"Softplus", softplus},
          {"Tanh", tanh}};
}

}  // namespace settle
