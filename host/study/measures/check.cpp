#include "study/measures/check.hpp"

namespace settle {

void check_filled(std::string_view measure, std::string_view name, const Eigen::Ref<const Eigen::MatrixXd>& values) {
  if (values.size() == 0) throw measure_error("{}: {} is empty", measure, name);
  if (!values.allFinite()) throw measure_error("{}: {} has an entry that is not finite", measure, name);
}

void check_pair(std::string_view measure, std::string_view name_a, const Eigen::Ref<const Eigen::MatrixXd>& a,
                std::string_view name_b, const Eigen::Ref<const Eigen::MatrixXd>& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) {
    throw measure_error("{}: {} is {} x {} but {} is {} x {}; the same shape is needed", measure, name_a, a.rows(),
                        a.cols(), name_b, b.rows(), b.cols());
  }
  check_filled(measure, name_a, a);
  check_filled(measure, name_b, b);
}

void check_mean(std::string_view measure, const Eigen::MatrixXd& rows, const Eigen::VectorXd& mean) {
  if (mean.size() != rows.cols()) {
    throw measure_error("{}: the fit set's mean has {} entries, one for each of the {} cells is needed", measure,
                        mean.size(), rows.cols());
  }
  check_filled(measure, "the fit set's mean", mean);
}

void check_rows(std::string_view measure, std::string_view name, const Eigen::MatrixXd& rows, Eigen::Index least) {
  if (rows.rows() < least) {
    throw measure_error("{}: {} has {} samples, at least {} are needed", measure, name, rows.rows(), least);
  }
}

}  // namespace settle
