#include <optional>

#include "base/error.hpp"
#include "study/measures/autocorrelation.hpp"
#include "study/measures/split_r_hat.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

void measure_fluctuations(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                          Results& results) {
  study.progress.begin(Phase::fluctuations);
  Report::Settling& out = results.report.settling;
  // The first sample's overlap with its rest point, taken once for both measures.
  std::optional<Eigen::VectorXd> overlap;
  results.take("settling.split_r_hat", [&] {
    require_free(study.machine());
    if (study.kt() == 0) throw error("kT is 0: what is left is a limit cycle of rounding, no fluctuation");
    overlap = overlap_series(arrays.stepped(), study.conditions(0), rest.of(0), overlap_plan(study), study.stop);
  });
  if (!overlap) {
    results.not_taken["settling.autocorrelation_steps"] = results.not_taken["settling.split_r_hat"];
    return;
  }
  results.measure("settling.split_r_hat", out.split_r_hat, [&] { return split_r_hat(*overlap); });
  results.take("settling.autocorrelation_steps", [&] {
    const Autocorrelation found = autocorrelation_steps(*overlap);
    if (!found.valid) throw error("the series is too short for its autocorrelation");
    out.autocorrelation_steps = found.steps;
    const double window = static_cast<double>(study.plan.window_steps) * static_cast<double>(settled.batch.samples);
    out.ess_per_second = window / found.steps / settled.seconds;
  });
}

}  // namespace settle
