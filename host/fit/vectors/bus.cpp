#include "fit/vectors/bus.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/linear_algebra/singular_values.hpp"

namespace settle {
namespace {

// The cosine transform's matrix (DCT-II, orthonormal): every entry is of the order of 1 / sqrt(k).
Eigen::MatrixXd spreading(Eigen::Index k) {
  Eigen::MatrixXd turn(k, k);
  for (Eigen::Index i = 0; i < k; ++i) {
    for (Eigen::Index j = 0; j < k; ++j) {
      const double phase = M_PI * (static_cast<double>(j) + 0.5) * static_cast<double>(i) / static_cast<double>(k);
      turn(i, j) = std::sqrt((i == 0 ? 1.0 : 2.0) / static_cast<double>(k)) * std::cos(phase);
    }
  }
  return turn;
}

}  // namespace

double coupling_for_gain(double gain, double source_stiffness, double target_stiffness) {
  const double a = source_stiffness, b = target_stiffness;
  const bool fit = std::isfinite(a) && a > 0 && std::isfinite(b) && b > 0;
  if (!fit) throw error("coupling for a gain: stiffnesses are {} and {}, finite numbers above 0 are needed", a, b);
  // (sqrt(1 + q) - 1) = q / (sqrt(1 + q) + 1): exact for small gains too.
  return 2.0 * gain * b / (std::sqrt(1.0 + 4.0 * gain * gain * b / a) + 1.0);
}

RealisedBus realise_bus(const Eigen::MatrixXd& gain_matrix, int rank, double source_stiffness,
                        double target_stiffness) {
  if (rank < 1 || rank > std::min(gain_matrix.rows(), gain_matrix.cols())) {
    throw error("bus: rank is {}, 1 to {} is possible", rank, std::min(gain_matrix.rows(), gain_matrix.cols()));
  }
  const SingularValues svd = singular_values(gain_matrix);
  RealisedBus bus;
  bus.gains = svd.values.head(rank);
  bus.couplings =
      bus.gains.unaryExpr([&](double gain) { return coupling_for_gain(gain, source_stiffness, target_stiffness); });
  const Eigen::MatrixXd turned = bus.couplings.cwiseSqrt().asDiagonal() * spreading(rank);
  bus.source_matrix = svd.v.leftCols(rank) * turned;
  bus.target_matrix = -svd.u.leftCols(rank) * turned;
  const Eigen::MatrixXd coupling = bus.source_matrix * bus.target_matrix.transpose();
  bus.restoring = target_stiffness * Eigen::MatrixXd::Identity(gain_matrix.rows(), gain_matrix.rows()) -
                  coupling.transpose() * coupling / source_stiffness;
  return bus;
}

}  // namespace settle
