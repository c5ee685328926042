// How near the readout is to its target. The words are those of the project's measures; every function takes
// [samples x D] matrices, one row per sample, in the target's units, and throws Error on empty, mismatched or
// non-finite arguments. A row of zeros has cosine 0 with anything. Where a row holds `sites` sites of equal width, one
// after the other, each site's part has a cosine of its own and counts as a sample does.
#pragma once

#include <Eigen/Core>

namespace settle {

/// `cosine`: mean over samples of readout.target / (|readout| |target|), -1 to 1.
/// High for any readout when the targets share a large mean; print baseline_mean() beside it.
double cosine(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, Eigen::Index sites = 1);

/// `cosine_centred`: cosine() after `fit_mean` [D], the fit set's mean target, is subtracted from both. A readout that
/// is the mean itself scores exactly 0.
double cosine_centred(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean,
                      Eigen::Index sites = 1);

/// `baseline_mean`: the cosine that `fit_mean` [D] reaches when it answers every sample.
double baseline_mean(const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean, Eigen::Index sites = 1);

/// `r2`: 1 - sum |readout - target|^2 / sum |target - fit_mean|^2, sums over samples and cells; at most 1, and 0 for
/// the mean itself. Throws MeasureError if every target equals the mean.
double r2(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean);

/// `cosine_paper` (arXiv 2604.14332's public experiment): both arrays become (t - mean t) / std t, with one mean and
/// one std over the whole array, then cosine(). One number for all cells leaves the pattern that all samples share in
/// place, so this stands in comparisons with the paper only. Throws MeasureError if an array has no spread.
double cosine_paper(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target);

}  // namespace settle
