#include "study/measures/split_r_hat.hpp"

#include <cmath>

#include "study/measures/check.hpp"

namespace settle {
namespace {

Eigen::ArrayXd variances(const Eigen::MatrixXd& columns) {
  const Eigen::MatrixXd d = columns.rowwise() - columns.colwise().mean();
  return d.colwise().squaredNorm().transpose().array() / static_cast<double>(columns.rows() - 1);
}

// Whether a column has two different entries: a computed variance of equal ones need not be 0.
bool any_varies(const Eigen::MatrixXd& columns) {
  return (columns.rowwise() - columns.row(0)).cwiseAbs().maxCoeff() > 0;
}

}  // namespace

double split_r_hat(const Eigen::MatrixXd& chains) {
  check_filled("split_r_hat", "chains", chains);
  if (chains.rows() < kFewestDraws) {
    throw measure_error("split_r_hat: the chains have {} draws, at least {} are needed", chains.rows(), kFewestDraws);
  }
  const Eigen::Index half = chains.rows() / 2;
  Eigen::MatrixXd halves(half, 2 * chains.cols());
  halves << chains.topRows(half), chains.bottomRows(half);
  if (!any_varies(halves)) throw measure_error("split_r_hat: no half of a chain varies");
  const auto n = static_cast<double>(half);
  const double within = variances(halves).mean();
  const double between = variances(halves.colwise().mean().transpose())(0);  // B / n
  return std::sqrt((n - 1) / n + between / within);
}

}  // namespace settle
