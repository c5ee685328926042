// What a report says of the run itself: what it was asked to do, on which array, and how it ended.
#pragma once

#include "device/device.hpp"
#include "study/run/results.hpp"
#include "study/run/settled.hpp"
#include "study/run/study.hpp"

namespace settle {

/// How a run ended.
enum class Ending { complete, interrupted, failed };

/// Fills what is known before the first sample. `device`: of the run's own engine.
void describe_run(const Study& study, Device& device, Results& results);

/// Fills the group "run" and whether the run is judged; to be called once, after the last measure.
void describe_ending(const Study& study, const Settled& settled, Ending ending, Results& results);

}  // namespace settle
