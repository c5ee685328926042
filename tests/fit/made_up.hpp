// Made-up activations: a shared low-dimensional cause, a rectified encoder, a bottleneck that sees a part of the cause
// that the encoder does not, and a decoder target that needs both.
#pragma once

#include <cstdint>

#include "fit/activations/samples.hpp"
#include "fit/response/random.hpp"

namespace settle_test {

/// Nothing interrupts.
inline constexpr auto kNever = [] { return false; };

inline settle::ActivationMeans made_up_samples(Eigen::Index n, Eigen::Index width, std::uint64_t seed) {
  const auto leaky = [](double u) { return u > 0 ? u : 0.125 * u; };
  const Eigen::MatrixXd cause = settle::gaussian_matrix(n, 12, seed);
  const Eigen::MatrixXd other = settle::gaussian_matrix(n, 2, seed + 1);
  settle::ActivationMeans s;
  // The maps are the same whatever the sample seed.
  s.encoder = 0.1 * (cause * settle::gaussian_matrix(12, width, 50)).unaryExpr(leaky);
  const Eigen::MatrixXd shift = settle::gaussian_matrix(1, width, 51);
  s.bottleneck =
      0.1 * (0.3 * cause * settle::gaussian_matrix(12, width, 52) + other * settle::gaussian_matrix(2, width, 53));
  s.bottleneck.rowwise() += 0.2 * shift.row(0);
  const Eigen::MatrixXd bend = other.unaryExpr([](double u) { return u > 0 ? u : 0.25 * u; });
  s.decoder =
      0.05 * (cause * settle::gaussian_matrix(12, width, 54) + 2.0 * bend * settle::gaussian_matrix(2, width, 55));
  s.decoder.array() += 0.2;
  return s;
}

}  // namespace settle_test
