#include "study/measures/conditioning.hpp"

#include <cmath>

#include "study/measures/check.hpp"
#include "study/measures/rows.hpp"

namespace settle {

double conditioning_deficit(const Eigen::MatrixXd& field_oracle, const Eigen::MatrixXd& field_couplings) {
  check_filled("conditioning_deficit", "field_oracle", field_oracle);
  check_filled("conditioning_deficit", "field_couplings", field_couplings);
  check_rows("conditioning_deficit", "field_oracle", field_oracle, 2);
  if (field_oracle.rows() != field_couplings.rows()) {
    throw measure_error("conditioning_deficit: field_oracle has {} samples, field_couplings {}", field_oracle.rows(),
                        field_couplings.rows());
  }
  const double delivered = mean_column_variance(field_couplings);
  if (delivered == 0) throw measure_error("conditioning_deficit: field_couplings is the same for every sample");
  return std::sqrt(mean_column_variance(field_oracle) / delivered);
}

double decoder_shift(const Eigen::MatrixXd& with, const Eigen::MatrixXd& without, const Eigen::MatrixXd& target) {
  check_pair("decoder_shift", "with", with, "target", target);
  check_pair("decoder_shift", "without", without, "target", target);
  const Eigen::ArrayXd lengths = target.rowwise().norm();
  if ((lengths == 0).any()) throw measure_error("decoder_shift: a target is zero, a shift has no size beside it");
  return ((with - without).rowwise().norm().array() / lengths).mean();
}

}  // namespace settle
