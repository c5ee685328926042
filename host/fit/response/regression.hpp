// Reduced-rank ridge regression beside a free block: the closed-form part of every fit of couplings.
#pragma once

#include <Eigen/Core>

namespace settle {

/// Second moments of weighted, centred data, divided by the sum of the weights: all that the regression needs to know.
/// p inputs (their matrix has bounded rank), q free inputs (theirs is unbounded), d targets.
struct RegressionMoments {
  Eigen::MatrixXd inputs;          ///< [p x p]
  Eigen::MatrixXd free;            ///< [q x q], q may be 0
  Eigen::MatrixXd free_inputs;     ///< [q x p]
  Eigen::MatrixXd inputs_targets;  ///< [p x d]
  Eigen::MatrixXd free_targets;    ///< [q x d]
  double target_variance = 0;      ///< trace of the targets' second moment
};

/// target ~ matrix * input + free_matrix * free (all centred).
struct RankedRegression {
  Eigen::MatrixXd matrix;       ///< [d x p], rank <= the rank asked for
  Eigen::MatrixXd free_matrix;  ///< [d x q]
  double loss = 0;              ///< the minimum reached, ridge terms included
};

/// Minimises  mean |t - C x - O f|^2 + ridge |C|_F^2 + free_ridge |O|_F^2  over O and over C of rank <= `rank`.
///
/// Closed form: O is eliminated (Schur complement), which leaves a reduced-rank ridge regression. With S = S_xx + ridge
/// and C_full = S_tx S^-1 its minimum is V V^T C_full, V the leading eigenvectors of C_full S_xt (Izenman 1975; ridge
/// enters as extra rows of data). `ridge`, `free_ridge`: >= 0, in squared units of the inputs. Throws Error if shapes
/// disagree, `rank` is outside 0 .. d, or the moments with ridge are not positive definite.
RankedRegression ranked_regression(const RegressionMoments& moments, int rank, double ridge, double free_ridge);

/// Weighted mean of the rows of `data` [n x m], weights [n] > 0.
Eigen::VectorXd weighted_mean(const Eigen::MatrixXd& data, const Eigen::VectorXd& weights);

/// Rows of `data` [n x m] less their weighted mean, times sqrt(weight / sum of weights): products of such matrices are
/// weighted covariances.
Eigen::MatrixXd weighted_centred(const Eigen::MatrixXd& data, const Eigen::VectorXd& weights);

}  // namespace settle
