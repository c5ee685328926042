// Row-wise arithmetic that several measures share. A row is a sample, a column a cell.
#pragma once

#include <Eigen/Core>

namespace settle {

/// Each row of `rows` [samples x D] minus `mean` [D]; the caller has checked the sizes.
Eigen::MatrixXd centred(const Eigen::MatrixXd& rows, const Eigen::VectorXd& mean);

/// A row for each site: [samples x sites * width] becomes [samples * sites x width], in the same order. Throws
/// MeasureError unless `sites` >= 1 divides the columns.
Eigen::MatrixXd by_site(const Eigen::MatrixXd& rows, Eigen::Index sites);

/// Undoes by_site.
Eigen::MatrixXd by_image(const Eigen::MatrixXd& rows, Eigen::Index sites);

/// Each row of `rows` divided by its Euclidean length. A row of zeros has no direction and stays zero, so that its
/// cosine with anything is 0: an answer of zero says nothing about the target and scores nothing.
Eigen::MatrixXd unit_rows(const Eigen::MatrixXd& rows);

/// Mean over rows of the scalar product of equal rows of `a` and `b` (same shape, at least one row).
double mean_row_product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

/// Mean over columns of the variance of each column about its own mean, n - 1 in the denominator. Needs two rows.
double mean_column_variance(const Eigen::MatrixXd& rows);

}  // namespace settle
