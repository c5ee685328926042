#include "base/error.hpp"
#include "study/run/heat_run.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"

namespace settle {

void measure_heat(const Study& study, RunArrays& arrays, Results& results) {
  study.progress.begin(Phase::heat);
  results.take("heat", [&] {
    require_warm(study);
    const int settle = study.plan.settle_steps;
    if (settle < 1) throw error("the plan has no settle steps");
    if (settle > kMostWatchedSteps) {
      throw error("the plan has {} settle steps, this is taken of up to {}", settle, kMostWatchedSteps);
    }
    // On the model engine: the same bits as any other, and every step is read.
    const HeatRun run = heat_of_run(arrays.model(), study.conditions(0), heat_plan(study), study.stop);
    results.report.heat = {run.of_inference, run.settled.mean, run.settled.standard_error};
  });
}

}  // namespace settle
