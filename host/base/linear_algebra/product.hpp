// Products of dense matrices, compiled once for all that spend their time in them.
#pragma once

#include <Eigen/Core>

namespace settle {

/// Writes left^T right into `product` [m x k], for left [n x m] and right [n x k]; `product` may be a part of neither.
/// Undefined for other shapes.
void set_transposed_product(const Eigen::Ref<const Eigen::MatrixXd>& left,
                            const Eigen::Ref<const Eigen::MatrixXd>& right, Eigen::Ref<Eigen::MatrixXd> product);

/// left right, [n x m] times [m x k], added to `sum` [n x k], of which neither may be a part. Undefined for other
/// shapes.
void add_product(const Eigen::Ref<const Eigen::MatrixXd>& left, const Eigen::Ref<const Eigen::MatrixXd>& right,
                 Eigen::Ref<Eigen::MatrixXd> sum);

}  // namespace settle
