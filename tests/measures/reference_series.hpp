// Series that other languages can repeat: convergence_reference.R and .py make the same ones.
#pragma once

#include <random>

#include <Eigen/Core>

namespace settle_test {

inline constexpr int kRunIn = 1000;  ///< draws before the first, to forget the start at 0

/// `draws` of the AR(1) series x <- phi x + u / 2147483647 - 1/2, u from std::minstd_rand of seed `seed`, whose numbers
/// the C++ standard fixes (48271 u mod 2147483647; a double holds the product exactly). rho at lag t is phi^t.
inline Eigen::VectorXd reference_series(double phi, Eigen::Index draws, std::uint_fast32_t seed) {
  std::minstd_rand engine(seed);
  double x = 0;
  const auto next = [&] { return x = phi * x + (static_cast<double>(engine()) / 2147483647.0 - 0.5); };
  for (int i = 0; i < kRunIn; ++i) next();
  return Eigen::VectorXd::NullaryExpr(draws, [&](Eigen::Index) { return next(); });
}

}  // namespace settle_test
