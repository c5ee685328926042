#include "base/linear_algebra/product.hpp"

namespace settle {

Eigen::MatrixXd transposed_product(const Eigen::Ref<const Eigen::MatrixXd>& left,
                                   const Eigen::Ref<const Eigen::MatrixXd>& right) {
  return left.transpose() * right;
}

void add_product(const Eigen::Ref<const Eigen::MatrixXd>& left, const Eigen::Ref<const Eigen::MatrixXd>& right,
                 Eigen::Ref<Eigen::MatrixXd> sum) {
  sum.noalias() += left * right;
}

}  // namespace settle
