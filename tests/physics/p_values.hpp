// From statistics to p-values.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace settle::physics {

/// Two-sided: probability that a standard normal lies further out than |z|.
double normal_p(double z);

/// Two-sided, Student's t with `freedom` >= 1 degrees of freedom.
double student_p(double t, double freedom);

/// |t| whose two-sided probability is p.
double student_quantile(double p, double freedom);

/// Two-sided: twice the smaller tail of chi-squared with `freedom` degrees of freedom.
double chi_squared_p(double value, double freedom);

/// Two-sided test of a count against a binomial law by its normal approximation where the expectation is large and
/// exactly (Poisson) below 1000. `expected` > 0.
double count_p(double count, double expected);

/// Probability of a Kolmogorov-Smirnov distance above `distance` with n independent samples of a continuous law
/// (Stephens' correction of the asymptotic law, J. R. Statist. Soc. B 32, 1970).
double kolmogorov_p(double distance, double n);

/// Means of independent batches against exact values: the p-value of each column, by Student's t over the rows, and the
/// largest deviation that threshold p would pass, in units of `scale`.
struct BatchTest {
  std::vector<double> p;  ///< one per column
  double sees = 0;        ///< median over columns of t(threshold) * standard error / scale
};
/// `batches` [rows: batches, at least 8; columns: quantities], `exact` [quantities], `scale` [quantities] > 0: what a
/// deviation is measured in. `threshold`: the p-value that `sees` is of.
BatchTest batch_test(const Eigen::MatrixXd& batches, const Eigen::VectorXd& exact, const Eigen::VectorXd& scale,
                     double threshold = 1e-8);

}  // namespace settle::physics
