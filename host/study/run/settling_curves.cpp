#include <vector>

#include "base/error.hpp"
#include "machine/linear.hpp"
#include "study/measures/median.hpp"
#include "study/measures/settling.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

namespace {

void measure_curves(const Study& study, Eigen::Index settled, RunArrays& arrays, RestPoints& rest, Results& results) {
  require_free(study.machine());
  const CurvePlan plan = curve_plan(study, settled);
  std::vector<double> measured, predicted;
  for (Eigen::Index s = 0; s < plan.samples; ++s) {
    const SettlingRun run = measure_settling(arrays.stepped(), study.conditions(s), rest.of(s), plan.steps, study.stop);
    if (s == 0) results.curve = SettlingCurve{run.distance, run.predicted, 1};
    if (run.settling_steps && run.predicted_steps) {
      measured.push_back(static_cast<double>(*run.settling_steps));
      predicted.push_back(static_cast<double>(*run.predicted_steps));
    }
  }
  if (measured.empty()) throw error("no sample settles in {} steps", plan.steps);
  results.report.settling.settling_steps = median(measured);
  results.report.settling.predicted_steps = median(predicted);
}

}  // namespace

void measure_settling_curves(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                             Results& results) {
  const BatchResult& batch = settled.batch;
  Report::Settling& out = results.report.settling;
  study.progress.begin(Phase::curve);
  results.take("settling.settling_steps", [&] { measure_curves(study, batch.samples, arrays, rest, results); });
  results.measure("settling.lambda_min_steps", out.lambda_min_steps, [&] {
    require_linear(study.machine());
    require_free(study.machine());
    if (study.large()) {
      throw error("the machine has {} cells, this is taken of up to {}", study.fixed->cells(), kLargestCompared);
    }
    return lambda_min_steps(force_matrix(study.machine()), study.configuration().step());
  });
  if (!out.settling_steps) return;
  if (batch.cycles > 0) {
    const double all_steps = static_cast<double>(study.plan.steps()) * static_cast<double>(batch.samples);
    out.settling_cycles = *out.settling_steps * static_cast<double>(batch.cycles) / all_steps;
  }
  results.measure("settling.settling_rc", out.settling_rc, [&] {
    return *out.settling_steps / rc_steps(study.decoder().stiffness, study.configuration().step());
  });
}

}  // namespace settle
