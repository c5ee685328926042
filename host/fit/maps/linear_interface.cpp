#include "fit/maps/linear_interface.hpp"

#include "base/linear_algebra/singular_values.hpp"
#include "fit/maps/digits.hpp"

namespace settle {

Interface linear_interface(const Eigen::MatrixXd& matrix, double& left_out) {
  constexpr Eigen::Index kCodes = 4, kFeatures = 16;
  constexpr Eigen::Index kEach = kFeatures / kCodes;  // units per code: two pairs
  const SingularValues svd = singular_values(matrix);
  left_out = matrix.squaredNorm() - svd.values.head(kCodes).squaredNorm();
  Interface interface;
  interface.up = svd.v.leftCols(kCodes);
  interface.down = interface.up.transpose();
  Eigen::MatrixXd sign = Eigen::MatrixXd::Zero(kFeatures, kCodes);
  interface.out = Eigen::MatrixXd::Zero(matrix.rows(), kFeatures);
  for (Eigen::Index f = 0; f < kFeatures; ++f) {
    const double way = f % 2 == 0 ? 1 : -1;
    sign(f, f / kEach) = way;
    interface.out.col(f) = way * 2.0 / kEach * svd.values[f / kEach] * svd.u.col(f / kEach);
  }
  interface.in = digits7_of(Eigen::MatrixXd(sign * interface.up.transpose()));
  interface.down = digits7_of(interface.down);
  interface.up = digits7_of(interface.up);
  interface.out = digits7_of(interface.out);
  return interface;
}

}  // namespace settle
