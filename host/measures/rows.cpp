#include "measures/rows.hpp"

namespace settle {

Eigen::MatrixXd centred(const Eigen::MatrixXd& rows, const Eigen::VectorXd& mean) {
  return rows.rowwise() - mean.transpose();
}

Eigen::MatrixXd unit_rows(const Eigen::MatrixXd& rows) {
  Eigen::MatrixXd unit = rows;
  for (Eigen::Index s = 0; s < unit.rows(); ++s) {
    const double length = unit.row(s).stableNorm();
    if (length > 0) unit.row(s) /= length;
  }
  return unit;
}

double mean_row_product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return a.cwiseProduct(b).sum() / static_cast<double>(a.rows());
}

double mean_column_variance(const Eigen::MatrixXd& rows) {
  const Eigen::VectorXd mean = rows.colwise().mean().transpose();
  return centred(rows, mean).squaredNorm() / static_cast<double>((rows.rows() - 1) * rows.cols());
}

}  // namespace settle
