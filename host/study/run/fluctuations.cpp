#include "base/error.hpp"
#include "study/measures/autocorrelation.hpp"
#include "study/measures/split_r_hat.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

namespace {

void take_fluctuations(const Study& study, const Settled& settled, const Eigen::VectorXd& overlap, Results& results) {
  Report::Settling& out = results.report.settling;
  results.measure("settling.split_r_hat", out.split_r_hat, [&] { return split_r_hat(overlap); });
  results.take("settling.autocorrelation_steps", [&] {
    const Autocorrelation found = autocorrelation_steps(overlap);
    if (!found.valid) throw error("the series is too short for its autocorrelation");
    out.autocorrelation_steps = found.steps;
    const double window = static_cast<double>(study.plan.window_steps) * static_cast<double>(settled.batch.samples);
    out.ess_per_second = window / found.steps / settled.seconds;
  });
}

}  // namespace

void measure_fluctuations(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                          Beside& beside, Results& results) {
  // The first sample's overlap with its rest point, taken once for both measures.
  const auto both = [](Results& to, const std::function<void()>& action) {
    to.take("settling.split_r_hat", action);
    const auto reason = to.not_taken.find("settling.split_r_hat");
    if (reason != to.not_taken.end()) to.not_taken["settling.autocorrelation_steps"] = reason->second;
  };
  both(results, [&] {
    require_free(study.machine());
    if (study.kt() == 0) throw error("kT is 0: what is left is a limit cycle of rounding, no fluctuation");
    const auto overlap =
        arrays.stepped_work<Eigen::VectorXd>(beside, "fluctuations", [&study, &rest](LoadedArray& array) {
          return overlap_series(array, study.conditions(0), rest.of(0), overlap_plan(study), study.stop);
        });
    beside.then([&study, &settled, both, overlap](Results& later) {
      both(later, [&] { overlap.get(); });
      if (later.not_taken.count("settling.split_r_hat") == 0) take_fluctuations(study, settled, overlap.get(), later);
    });
  });
}

}  // namespace settle
