// Small matrices as they are read.
#pragma once

#include <Eigen/Core>

namespace settle_test {

/// The matrix with rows (a, b) and (c, d).
inline Eigen::MatrixXd rows2(double a, double b, double c, double d) {
  Eigen::MatrixXd m(2, 2);
  m << a, b, c, d;
  return m;
}

}  // namespace settle_test
