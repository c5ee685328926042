// Everything that a run measures, one function for each group of the report. Each reads the study and what was settled,
// and fills its part of the results; what the machine or the run does not allow is left empty with the reason
// (Results::take). Those that need more than what was settled say so to Beside, and fill their part when that is done:
// everything that they are handed must still be there then.
#pragma once

#include <memory>

#include "study/run/beside.hpp"
#include "study/run/readouts.hpp"
#include "study/run/rest_points.hpp"
#include "study/run/results.hpp"
#include "study/run/run_arrays.hpp"
#include "study/run/settled.hpp"
#include "study/run/study.hpp"

namespace settle {

/// decoder.*, but for what comparisons give, and thermal_ratio: the read-out against its target.
void measure_scores(const Study& study, const Settled& settled, Results& results);

/// image.* and the pictures, of a machine that gives an image.
void measure_images(const Study& study, const Settled& settled, Results& results);

/// decoder.oracle, decoder.frozen_interface and decoder_shift of the first `count` samples: the same machine under
/// other fields, and with its buses cut; and conditioning_deficit, conditioning_deficit_paper. `readouts`: to be
/// settled by the caller.
void measure_comparisons(const Study& study, Eigen::Index count, const std::shared_ptr<Readouts>& readouts,
                         Beside& beside, Results& results);

/// fixed_point.*: what word lengths cost, against float64 with the same noise.
void measure_word_lengths(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                          const std::shared_ptr<Readouts>& readouts, Beside& beside, Results& results);

/// settling.* and the settling curve, but for fluctuations.
void measure_settling_curves(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                             Beside& beside, Results& results);

/// settling.autocorrelation_steps, ess_per_second and split_r_hat.
void measure_fluctuations(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                          Beside& beside, Results& results);

/// heat.*, of the first sample.
void measure_heat(const Study& study, RunArrays& arrays, Beside& beside, Results& results);

/// The first sample's image over time, of a machine that gives an image.
void measure_film(const Study& study, const Settled& settled, RunArrays& arrays, Beside& beside, Results& results);

}  // namespace settle
