// Products of dense matrices, compiled once for all that spend their time in them.
#pragma once

#include <Eigen/Core>

namespace settle {

/// left^T right, [m x k] of left [n x m] and right [n x k]. Undefined for other shapes.
Eigen::MatrixXd transposed_product(const Eigen::Ref<const Eigen::MatrixXd>& left,
                                   const Eigen::Ref<const Eigen::MatrixXd>& right);

/// left right, [n x m] times [m x k], added to `sum` [n x k], of which neither may be a part. Undefined for other
/// shapes.
void add_product(const Eigen::Ref<const Eigen::MatrixXd>& left, const Eigen::Ref<const Eigen::MatrixXd>& right,
                 Eigen::Ref<Eigen::MatrixXd> sum);

}  // namespace settle
