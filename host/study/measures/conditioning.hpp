// What the couplings carry by themselves, and how much is left for the digital interface.
#pragma once

#include <Eigen/Core>

namespace settle {

/// `conditioning_deficit`: std across samples of the field that the oracle sets over that of the field which the
/// couplings alone deliver, both [samples x cells] in force units; the column counts may differ. Std across samples:
/// each cell's own mean removed, RMS over cells, so a field that is the same for every input counts nothing.
/// The paper's pair, A x over Je x, goes through the same function. Throws MeasureError on fewer than 2 samples,
/// different sample counts or couplings that deliver the same field to every sample.
double conditioning_deficit(const Eigen::MatrixXd& field_oracle, const Eigen::MatrixXd& field_couplings);

/// `decoder_shift`: mean over samples of |with - without| / |target|, all [samples x D] in the target's units; `with`
/// and `without` are the settled readouts with the bus on and off under the fields (Ax, By). Throws MeasureError if a
/// target is zero.
double decoder_shift(const Eigen::MatrixXd& with, const Eigen::MatrixXd& without, const Eigen::MatrixXd& target);

}  // namespace settle
