#include "study/measures/rows.hpp"

#include "study/measures/check.hpp"

namespace settle {
namespace {

// The same numbers, row by row, in `count` rows.
Eigen::MatrixXd arranged(const Eigen::MatrixXd& rows, Eigen::Index count) {
  if (count == rows.rows()) return rows;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> result = rows;
  result.resize(count, rows.size() / count);
  return result;
}

}  // namespace

Eigen::MatrixXd centred(const Eigen::MatrixXd& rows, const Eigen::VectorXd& mean) {
  return rows.rowwise() - mean.transpose();
}

Eigen::MatrixXd by_site(const Eigen::MatrixXd& rows, Eigen::Index sites) {
  if (sites < 1 || rows.cols() % sites != 0) {
    throw measure_error("a row of {} cells cannot hold {} sites of equal width", rows.cols(), sites);
  }
  return arranged(rows, rows.rows() * sites);
}

Eigen::MatrixXd by_image(const Eigen::MatrixXd& rows, Eigen::Index sites) {
  return arranged(rows, rows.rows() / sites);
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
