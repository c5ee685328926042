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

/// The curve of the first sample and the medians of all.
void take_curves(const std::vector<Pending<SettlingRun>>& runs, int steps, Results& results) {
  std::vector<double> measured, predicted;
  for (std::size_t s = 0; s < runs.size(); ++s) {
    const SettlingRun& run = runs[s].get();
    if (s == 0) results.curve = SettlingCurve{run.distance, run.predicted, 1};
    if (run.settling_steps && run.predicted_steps) {
      measured.push_back(static_cast<double>(*run.settling_steps));
      predicted.push_back(static_cast<double>(*run.predicted_steps));
    }
  }
  if (measured.empty()) throw error("no sample settles in {} steps", steps);
  results.report.settling.settling_steps = median(measured);
  results.report.settling.predicted_steps = median(predicted);
}

void ask_curves(const Study& study, Eigen::Index settled, RunArrays& arrays, RestPoints& rest, Beside& beside) {
  require_free(study.machine());
  const CurvePlan plan = curve_plan(study, settled);
  std::vector<Pending<SettlingRun>> runs;
  for (Eigen::Index s = 0; s < plan.samples; ++s) {
    runs.push_back(arrays.stepped_work<SettlingRun>(beside, "curve", [&study, &rest, s, plan](LoadedArray& array) {
      return measure_settling(array, study.conditions(s), rest.of(s), plan.steps, study.stop);
    }));
  }
  beside.then([runs, plan](Results& results) {
    results.take("settling.settling_steps", [&] { take_curves(runs, plan.steps, results); });
  });
}

void ask_lambda_min(const Study& study, Beside& beside) {
  require_linear(study.machine());
  require_free(study.machine());
  if (study.large()) {
    throw error("the machine has {} cells, this is taken of up to {}", study.fixed->cells(), kLargestCompared);
  }
  const auto steps = beside.work<double>("curve", [&study](std::size_t) {
    return lambda_min_steps(force_matrix(study.machine()), study.configuration().step());
  });
  beside.then([steps](Results& results) {
    results.measure("settling.lambda_min_steps", results.report.settling.lambda_min_steps, [&] { return steps.get(); });
  });
}

/// What follows from settling_steps.
void take_times(const Study& study, const BatchResult& batch, Results& results) {
  Report::Settling& out = results.report.settling;
  if (!out.settling_steps) return;
  if (batch.cycles > 0) {
    const double all_steps = static_cast<double>(study.plan.steps()) * static_cast<double>(batch.samples);
    out.settling_cycles = *out.settling_steps * static_cast<double>(batch.cycles) / all_steps;
  }
  results.measure("settling.settling_rc", out.settling_rc, [&] {
    return *out.settling_steps / rc_steps(study.decoder().stiffness, study.configuration().step());
  });
}

}  // namespace

void measure_settling_curves(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                             Beside& beside, Results& results) {
  results.take("settling.settling_steps", [&] { ask_curves(study, settled.batch.samples, arrays, rest, beside); });
  results.take("settling.lambda_min_steps", [&] { ask_lambda_min(study, beside); });
  beside.then([&study, &settled](Results& later) { take_times(study, settled.batch, later); });
}

}  // namespace settle
