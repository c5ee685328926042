// The main batch: every sample settled on the run's own engine.
#pragma once

#include <exception>

#include "study/run/batch.hpp"
#include "study/run/results.hpp"
#include "study/run/run_arrays.hpp"
#include "study/run/study.hpp"

namespace settle {

struct Settled {
  BatchResult batch;
  double seconds = 0;          ///< wall time
  std::exception_ptr failure;  ///< of the device, if it failed; the samples before are there
};

/// Settles the study's samples. An interrupt or a failed device leaves those that are complete.
Settled settle_samples(const Study& study, RunArrays& arrays);

/// What the engine counted: cell updates, clock cycles, saturations, how busy its multipliers were.
void count_work(const Study& study, const Settled& settled, Results& results);

}  // namespace settle
