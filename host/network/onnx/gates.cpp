// GELU and SiLU: a map times a function of the same map.
#include <cmath>

#include "network/onnx/operators.hpp"

namespace settle {
namespace {

/// The number a with x = a y in every channel; nothing if there is none.
std::optional<double> ratio_of(const Polynomial& x, const Polynomial& y) {
  if (!is_line(x) || !is_line(y) || y[1](0) == 0) return std::nullopt;
  const double a = x[1](0) / y[1](0);
  const Polynomial other = scaled(y, Channels::Constant(1, a), Channels::Zero(1));
  return a != 0 && near(x, other) ? std::optional<double>(a) : std::nullopt;
}

/// sqrt(2 / pi) (u + 0.044715 u^3), which GELU's second form takes the tanh of.
Polynomial tanh_argument(const Polynomial& u) {
  const double root = std::sqrt(2 / std::acos(-1.0));
  const Polynomial cube = product_of(product_of(u, u), u);
  return scaled(sum_of(u, scaled(cube, Channels::Constant(1, 0.044715), Channels::Zero(1))),
                Channels::Constant(1, root), Channels::Zero(1));
}

/// The number a with which x / a is the u of tanh_argument(u) = argument.
std::optional<double> tanh_ratio_of(const Polynomial& x, const Polynomial& argument) {
  if (!is_line(x) || argument.size() != 4) return std::nullopt;
  const double cube_of_slope = argument[3](0) / (0.044715 * std::sqrt(2 / std::acos(-1.0)));
  const double a = x[1](0) / std::cbrt(cube_of_slope);
  if (!std::isfinite(a) || a == 0) return std::nullopt;
  const Polynomial u = scaled(x, Channels::Constant(1, 1 / a), Channels::Zero(1));
  return near(tanh_argument(u), argument) ? std::optional<double>(a) : std::nullopt;
}

}  // namespace

std::optional<MapValue> gate_of(const OperatorCall& call, GraphBuilder& builder, const MapValue& a, const MapValue& b) {
  using Function = Source::Function;
  const Function function = b.source->function;
  if (function == Function::none || a.source != b.source->argument->source || !is_line(b.polynomial)) {
    return std::nullopt;
  }
  if (b.polynomial[0].size() != 1 || b.polynomial[1].size() != 1) return std::nullopt;
  const MapValue& argument = *b.source->argument;
  // b = p f(argument) + q.
  const double p = b.polynomial[1](0), q = b.polynomial[0](0);
  const bool half = std::abs(p - q) <= 1e-5 * std::abs(p);  // (1 + erf), in any multiple
  Activation activation;
  std::optional<double> ratio;  // of a and u
  double factor = 0;            // by which the activation of u is multiplied
  if (function == Function::sigmoid && q == 0) {
    activation.kind = Activation::Kind::silu;
    ratio = ratio_of(a.polynomial, argument.polynomial);
    factor = p;
  } else if (function == Function::erf && half) {
    activation.kind = Activation::Kind::gelu;
    ratio = ratio_of(a.polynomial, argument.polynomial);
    if (ratio) *ratio /= std::sqrt(2.0);
    factor = 2 * p;
  } else if (function == Function::tanh && half) {
    activation.kind = Activation::Kind::gelu_tanh;
    ratio = tanh_ratio_of(a.polynomial, argument.polynomial);
    factor = 2 * p;
  }
  if (!ratio) return std::nullopt;
  // Constants that a file rounds to float are not told from those that were meant.
  const auto meant = [](double x) { return std::abs(x - std::round(2 * x) / 2) < 1e-6 ? std::round(2 * x) / 2 : x; };
  const double scale = meant(*ratio);
  factor = meant(factor * scale);
  const Channels none = Channels::Zero(1);
  const MapValue u =
      scale == 1 ? a : scaled(a, Channels::Constant(1, 1 / scale), none, name_on_the_way(call.result(), "argument"));
  const MapValue gate = builder.activated(call, u, activation, call.result());
  if (factor == 1) return gate;
  return scaled(gate, Channels::Constant(1, factor), none, name_on_the_way(call.result(), "scaled"));
}

}  // namespace settle
