// Read-outs under other fields, of another machine or at another temperature, for what a run compares.
#pragma once

#include "study/run/model_batches.hpp"
#include "study/run/study.hpp"

namespace settle {

/// Settles samples 0 .. samples - 1 under `field` with the model's bits (the same as any engine's) and reads the
/// decoder: [samples x decoder cells], activation units. `models`: of the study's machine, or of one with the same
/// decoder. Throws Error if the read-out is zero in every cell, Interrupted if the run is to end.
Eigen::MatrixXd model_readout(const Study& study, ModelBatches& models, Eigen::Index samples, const SampleField& field,
                              double kt);

}  // namespace settle
