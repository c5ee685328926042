#include "base/error.hpp"
#include "study/run/heat_run.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"

namespace settle {

void measure_heat(const Study& study, RunArrays& arrays, Beside& beside, Results& results) {
  results.take("heat", [&] {
    require_warm(study);
    const int settle = study.plan.settle_steps;
    if (settle < 1) throw error("the plan has no settle steps");
    if (settle > kMostWatchedSteps) {
      throw error("the plan has {} settle steps, this is taken of up to {}", settle, kMostWatchedSteps);
    }
    // On the host, whatever the engine: the same bits, and every step is read.
    const auto run = beside.work<HeatRun>("heat", [&study, &arrays](std::size_t worker) {
      return heat_of_run(arrays.model(worker), study.conditions(0), heat_plan(study), study.stop);
    });
    beside.then([run](Results& later) {
      later.take("heat", [&] {
        later.report.heat = {run.get().of_inference, run.get().settled.mean, run.get().settled.standard_error};
      });
    });
  });
}

}  // namespace settle
