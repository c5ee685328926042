// How long a run will take, phase by phase: its work, counted, times what a unit of it takes on this host.
#pragma once

#include "study/run/rates.hpp"
#include "study/run/run_progress.hpp"
#include "study/run/study.hpp"

namespace settle {

/// Seconds of each phase of the whole run.
PhaseSeconds expected_seconds(const Study& study, const Rates& rates, RunArrays& arrays);

}  // namespace settle
