// Read-outs under other fields, of another machine or at another temperature, for what a run compares.
#pragma once

#include "study/run/engines.hpp"
#include "study/run/study.hpp"

namespace settle {

/// Settles samples 0 .. samples - 1 under `field` on arrays of the model engine (the same bits as any other) and reads
/// the decoder: [samples x decoder cells], activation units. `models`: with the study's machine, or one with the same
/// decoder, loaded. Throws Error if the read-out is zero in every cell, Interrupted if the run is to end.
Eigen::MatrixXd model_readout(const Study& study, const Engines& models, Eigen::Index samples, const SampleField& field,
                              double kt);

}  // namespace settle
