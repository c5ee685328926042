#include "base/linear_algebra/product.hpp"

namespace settle {

void set_transposed_product(const Eigen::Ref<const Eigen::MatrixXd>& left,
                            const Eigen::Ref<const Eigen::MatrixXd>& right, Eigen::Ref<Eigen::MatrixXd> product) {
  product.noalias() = left.transpose() * right;
}

void add_product(const Eigen::Ref<const Eigen::MatrixXd>& left, const Eigen::Ref<const Eigen::MatrixXd>& right,
                 Eigen::Ref<Eigen::MatrixXd> sum) {
  sum.noalias() += left * right;
}

}  // namespace settle
