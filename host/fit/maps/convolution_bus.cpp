#include "fit/maps/convolution_bus.hpp"

#include <algorithm>

#include "base/linear_algebra/singular_values.hpp"
#include "network/layers/convolution.hpp"

namespace settle {
namespace {

constexpr double kCoefficient = 7.5;  // of the format's 8
constexpr double kRidge = 1e-5;       // on a moment that is inverted, as a share of its mean variance

struct SymmetricRoot {
  explicit SymmetricRoot(const Eigen::MatrixXd& m) {
    const SingularValues svd = singular_values(m);
    root = svd.u * svd.values.cwiseSqrt().asDiagonal() * svd.u.transpose();
    inverse = svd.u * svd.values.cwiseSqrt().cwiseInverse().asDiagonal() * svd.u.transpose();
  }
  Eigen::MatrixXd root, inverse;
};

}  // namespace

Eigen::MatrixXd side_by_side(const Eigen::MatrixXd& taps, Eigen::Index outputs) {
  const Eigen::Index count = taps.rows() / outputs;
  Eigen::MatrixXd result(outputs, count * taps.cols());
  for (Eigen::Index t = 0; t < count; ++t) {
    result.middleCols(t * taps.cols(), taps.cols()) = taps.middleRows(t * outputs, outputs);
  }
  return result;
}

Eigen::MatrixXd middle_tap(const Eigen::MatrixXd& taps, Eigen::Index outputs) {
  return taps.middleRows(kTaps / 2 * outputs, outputs);
}

bool middle_tap_only(const Eigen::MatrixXd& taps, Eigen::Index outputs) {
  const double off_centre = taps.squaredNorm() - middle_tap(taps, outputs).squaredNorm();
  return off_centre < 1e-9 * taps.squaredNorm();
}

ConvolutionBus convolution_bus(const Eigen::MatrixXd& taps, Eigen::Index outputs, const Eigen::MatrixXd& moment,
                               std::optional<int> most) {
  const Eigen::Index inputs = taps.cols();
  Eigen::MatrixXd regular = moment;
  regular.diagonal().array() += kRidge * moment.trace() / static_cast<double>(inputs);
  const SingularValues plain = singular_values(taps);
  Eigen::Index rank = (plain.values.array() > 1e-5 * plain.values[0]).count();
  if (most) rank = std::min<Eigen::Index>(rank, *most);
  if (rank == inputs) return {Eigen::MatrixXd::Identity(inputs, inputs), side_by_side(taps, outputs), 0};
  const SymmetricRoot root(regular);
  const SingularValues svd = singular_values(taps * root.root);
  Eigen::MatrixXd p = root.inverse * svd.v.leftCols(rank);
  Eigen::MatrixXd q = svd.u.leftCols(rank) * svd.values.head(rank).asDiagonal();
  for (Eigen::Index m = 0; m < rank; ++m) {
    const double largest = p.col(m).cwiseAbs().maxCoeff();
    const double factor = largest > kCoefficient ? kCoefficient / largest : 1.0;
    p.col(m) *= factor;
    q.col(m) /= factor;
  }
  return {p, side_by_side(q, outputs), 1 - svd.values.head(rank).squaredNorm() / svd.values.squaredNorm()};
}

}  // namespace settle
