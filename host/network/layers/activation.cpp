#include "network/layers/activation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {
namespace {

using Kind = Activation::Kind;

constexpr std::array<std::pair<Kind, const char*>, 9> kNames = {{{Kind::identity, "identity"},
                                                                 {Kind::leaky_relu, "leaky_relu"},
                                                                 {Kind::softplus, "softplus"},
                                                                 {Kind::sigmoid, "sigmoid"},
                                                                 {Kind::tanh, "tanh"},
                                                                 {Kind::silu, "silu"},
                                                                 {Kind::gelu, "gelu"},
                                                                 {Kind::gelu_tanh, "gelu_tanh"},
                                                                 {Kind::clip, "clip"}}};

/// 1 / (1 + exp(-u)), for large |u| too.
double sigmoid(double u) {
  const double e = std::exp(-std::abs(u));
  return (u < 0 ? e : 1) / (1 + e);
}

double softplus(double u, double beta) {
  const double v = beta * u;
  return (std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v)))) / beta;
}

double gelu_tanh(double u) {
  const double root = 0.79788456080286535588;  // sqrt(2 / pi)
  return u * (1 + std::tanh(root * (u + 0.044715 * u * u * u))) / 2;
}

}  // namespace

std::string activation_name(Kind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  throw error("activation {} has no name", static_cast<int>(kind));
}

Kind activation_kind(const std::string& name, const std::string& where) {
  std::vector<std::string> names;
  for (const auto& [kind, known] : kNames) {
    if (name == known) return kind;
    names.emplace_back(known);
  }
  throw error("{} is {}, one of {} is needed", where, name, fmt::join(names, ", "));
}

double activated(const Activation& activation, double u, std::size_t channel) {
  switch (activation.kind) {
    case Kind::identity:
      return u;
    case Kind::leaky_relu: {
      const float slope = activation.slopes.at(activation.slopes.size() == 1 ? 0 : channel);
      return u >= 0 ? u : static_cast<double>(slope) * u;
    }
    case Kind::softplus:
      return softplus(u, activation.beta);
    case Kind::sigmoid:
      return sigmoid(u);
    case Kind::tanh:
      return std::tanh(u);
    case Kind::silu:
      return u * sigmoid(u);
    case Kind::gelu:
      return u * std::erfc(-u * 0.70710678118654752440) / 2;  // 1 / sqrt 2
    case Kind::gelu_tanh:
      return gelu_tanh(u);
    case Kind::clip:
      return std::clamp(u, activation.lowest, activation.highest);
  }
  throw error("activation {} has no formula", static_cast<int>(activation.kind));
}

Map activated(const Activation& activation, const Map& map) {
  const auto channels = static_cast<std::size_t>(map.rows());
  if (activation.kind == Kind::leaky_relu && activation.slopes.size() != 1 && activation.slopes.size() != channels) {
    throw error("leaky_relu: {} slopes for {} channels", activation.slopes.size(), channels);
  }
  Map result(map.rows(), map.cols());
  for (Eigen::Index c = 0; c < map.rows(); ++c) {
    const auto channel = static_cast<std::size_t>(c);
    for (Eigen::Index s = 0; s < map.cols(); ++s) {
      result(c, s) = static_cast<float>(activated(activation, static_cast<double>(map(c, s)), channel));
    }
  }
  return result;
}

bool is_monotone(const Activation& activation) {
  if (activation.kind == Kind::leaky_relu) {
    return std::all_of(activation.slopes.begin(), activation.slopes.end(), [](float slope) { return slope >= 0; });
  }
  return activation.kind != Kind::silu && activation.kind != Kind::gelu && activation.kind != Kind::gelu_tanh;
}

}  // namespace settle
