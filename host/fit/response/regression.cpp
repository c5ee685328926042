#include "fit/response/regression.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/solve.hpp"

namespace settle {
namespace {

void check_shapes(const RegressionMoments& m, int rank, double ridge, double free_ridge) {
  const Eigen::Index p = m.inputs.rows();
  const Eigen::Index q = m.free.rows();
  const Eigen::Index d = m.inputs_targets.cols();
  const bool agree = m.inputs.cols() == p && m.inputs_targets.rows() == p && m.free.cols() == q &&
                     (q == 0 || (m.free_inputs.rows() == q && m.free_inputs.cols() == p && m.free_targets.rows() == q &&
                                 m.free_targets.cols() == d));
  if (!agree)
    throw error("ranked regression: the shapes of the moments disagree ({} inputs, {} free, {} targets)", p, q, d);
  if (rank < 0 || rank > d) throw error("ranked regression: rank is {}, 0 to {} is possible", rank, d);
  if (!(ridge >= 0) || !(free_ridge >= 0))
    throw error("ranked regression: ridges are {} and {}, >= 0 is needed", ridge, free_ridge);
}

PositiveDefinite factor(Eigen::MatrixXd matrix, double ridge, const char* what) {
  matrix.diagonal().array() += ridge;
  return PositiveDefinite(matrix, fmt::format("ranked regression: moments of the {} at ridge {}", what, ridge));
}

}  // namespace

RankedRegression ranked_regression(const RegressionMoments& m, int rank, double ridge, double free_ridge) {
  check_shapes(m, rank, ridge, free_ridge);
  const bool with_free = m.free.rows() > 0;
  RankedRegression result;
  result.loss = m.target_variance;

  Eigen::MatrixXd inputs = m.inputs;
  Eigen::MatrixXd inputs_targets = m.inputs_targets;
  std::optional<PositiveDefinite> free_factor;
  if (with_free) {
    free_factor.emplace(factor(m.free, free_ridge, "free inputs"));
    const Eigen::MatrixXd explained = free_factor->solve(m.free_targets);  // [q x d]
    inputs.noalias() -= m.free_inputs.transpose() * free_factor->solve(m.free_inputs);
    inputs_targets.noalias() -= m.free_inputs.transpose() * explained;
    result.loss -= m.free_targets.cwiseProduct(explained).sum();
  }

  result.matrix = Eigen::MatrixXd::Zero(inputs_targets.cols(), inputs_targets.rows());
  if (rank > 0) {
    const Eigen::MatrixXd full = factor(inputs, ridge, "inputs").solve(inputs_targets);  // [p x d]: C_full^T
    const Eigen::MatrixXd gained = full.transpose() * inputs_targets;  // [d x d]: what each target direction explains
    const SymmetricEigen eigen = symmetric_eigen(0.5 * (gained + gained.transpose()));
    const Eigen::MatrixXd leading = eigen.vectors.rightCols(rank);
    result.loss -= eigen.values.tail(rank).sum();
    result.matrix = leading * (full * leading).transpose();
  }
  if (with_free) {
    result.free_matrix = free_factor->solve(m.free_targets - m.free_inputs * result.matrix.transpose()).transpose();
  } else {
    result.free_matrix.resize(m.inputs_targets.cols(), 0);
  }
  return result;
}

Eigen::VectorXd weighted_mean(const Eigen::MatrixXd& data, const Eigen::VectorXd& weights) {
  return data.transpose() * weights / weights.sum();
}

Eigen::MatrixXd weighted_centred(const Eigen::MatrixXd& data, const Eigen::VectorXd& weights) {
  Eigen::MatrixXd result = data.rowwise() - weighted_mean(data, weights).transpose();
  result.array().colwise() *= (weights / weights.sum()).array().sqrt();
  return result;
}

}  // namespace settle
