#include "fit/response/random.hpp"

#include <cmath>
#include <random>

namespace settle {

Eigen::MatrixXd gaussian_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  // The middle of one of 2^53 equal parts of (0, 1), so that the logarithm is finite.
  const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; };
  Eigen::MatrixXd result(rows, columns);
  for (double& value : result.reshaped()) {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    value = radius * std::cos(2.0 * M_PI * uniform());
  }
  return result;
}

}  // namespace settle
