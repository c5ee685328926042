// Random matrices for tests: the same on every machine, and made apart from the code under test.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <Eigen/Core>

namespace settle_test {

/// Standard normal numbers by Box-Muller from std::mt19937_64, whose bits the C++ standard fixes.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : engine_(seed) {}

  double operator()() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

  Eigen::MatrixXd matrix(Eigen::Index rows, Eigen::Index columns) {
    return Eigen::MatrixXd::NullaryExpr(rows, columns, [this](Eigen::Index, Eigen::Index) { return (*this)(); });
  }

  Eigen::VectorXd vector(Eigen::Index size) { return matrix(size, 1); }

 private:
  double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }

  std::mt19937_64 engine_;
};

}  // namespace settle_test
