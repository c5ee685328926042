#include <algorithm>

#include "base/error.hpp"
#include "study/measures/bias.hpp"
#include "study/measures/similarity.hpp"
#include "study/run/measurements.hpp"
#include "study/run/model_readout.hpp"
#include "study/run/plans.hpp"
#include "study/run/same_noise.hpp"

namespace settle {

namespace {

/// The compared samples in float64.
BatchResult on_float64(const Study& study, Eigen::Index count, double kt) {
  BatchPlan plan = study.plan;
  plan.kt = kt;
  const BatchResult exact = settle_batch_float64(
      *study.fixed, count, [&](Eigen::Index s) { return study.to_compare(s).fields; }, plan, study.stop,
      study.options.threads);
  if (study.stop()) throw Interrupted("interrupted while comparing");
  return exact;
}

/// What cosine_centred loses: `exact` means in states, `fixed` [samples x decoder cells] in activations.
double loss(const Study& study, const BatchResult& exact, const Eigen::MatrixXd& fixed) {
  const Eigen::MatrixXd t = study.targets(fixed.rows());
  const Eigen::VectorXd mean = study.fit_mean();
  return cosine_centred(study.activations(exact.mean), t, mean, study.sites()) -
         cosine_centred(fixed, t, mean, study.sites());
}

}  // namespace

void measure_word_lengths(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                          Results& results) {
  const Eigen::Index count = study.compared(settled.batch.samples);
  Report::FixedPoint& out = results.report.fixed_point;
  study.progress.begin(Phase::float64);
  results.measure("fixed_point.loss_kt0", out.loss_kt0, [&] {
    const BatchResult exact = on_float64(study, count, 0);
    const SampleField own = [&](Eigen::Index s) { return study.to_compare(s).fields; };
    return loss(study, exact, model_readout(study, arrays.batches(), count, own, 0));
  });
  results.take("fixed_point.loss", [&] {
    const BatchResult exact = on_float64(study, count, study.kt());
    const Eigen::MatrixXd fixed = settled.batch.mean.topRows(count);
    results.measure("fixed_point.mean_bias", out.mean_bias, [&] {
      require_warm(study);
      return mean_bias(fixed, exact.mean, exact.variance);
    });
    require_readout(fixed);
    out.loss = loss(study, exact, study.activations(fixed));
  });
  study.progress.begin(Phase::snapshots);
  results.take("fixed_point.covariance_bias", [&] {
    require_warm(study);
    const Eigen::Index cells = std::min<Eigen::Index>(study.decoder().cells(), kCovarianceCells);
    const StateSeries series =
        same_noise_series(arrays.model(), study.conditions(0), cells, snapshot_plan(study), study.stop);
    out.variance_bias = variance_bias(series.fixed, series.exact);
    out.covariance_bias = covariance_bias(series.fixed, series.exact);
  });
  results.measure("fixed_point.stall", out.stall, [&] {
    require_free(study.machine());
    return stall(arrays.model(), study.to_compare(0).fields, rest.of(0), study.plan.steps(), study.stop);
  });
}

}  // namespace settle
