// How fast this host settles, passes the U-Net and calculates, found by short probes of a few steps each.
#pragma once

#include "study/run/run_arrays.hpp"
#include "study/run/study.hpp"

namespace settle {

/// Wall seconds. "Shared": while as many work side by side as share the work of a batch.
struct Rates {
  double pass = 0;  ///< of one sample's noise, U-Net and fields; shared

  double run = 0;   ///< of the engine, what a sample takes beside its steps (a line carries fields and sums)
  double step = 0;  ///< of the engine; shared. Of the ensemble engine: of all samples that one thread settles at once
  unsigned cycles = 0;  ///< clock cycles of such a step; 0: no clock

  double watched_step = 0;  ///< of the array that is stepped, its state read after the step
  double stepped_step = 0;  ///< of the same array, nothing read

  double piece_step = 0;      ///< of a piece of the comparisons; shared
  double cut_piece_step = 0;  ///< the same of as many chains as are compared, buses and all
  double model_step_alone = 0;
  double watched_model_step = 0;  ///< alone, its state read

  double float64_step = 0, cold_float64_step = 0;  ///< of float64, of all chains of a piece; shared
  double exact_step_alone = 0, cold_exact_step_alone = 0;
  double linear_step = 0;  ///< of the linear machine that predicts
};

/// Probes what the run will need: without `beside` only pass, run, step, cycles and, for the film, stepped_step. A part
/// that the machine does not allow (a field that does not fit) stays 0; the run says so when it gets there. Throws
/// Interrupted and DeviceError as LoadedArray.
Rates measured_rates(const Study& study, RunArrays& arrays, bool beside);

}  // namespace settle
