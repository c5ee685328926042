#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "study/measures/bias.hpp"
#include "study/measures/similarity.hpp"
#include "study/run/float64_pieces.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"
#include "study/run/readouts.hpp"
#include "study/run/same_noise.hpp"

namespace settle {

namespace {

/// What cosine_centred loses: `exact` means in states, `fixed` [samples x decoder cells] in activations.
double loss(const Study& study, const BatchResult& exact, const Eigen::MatrixXd& fixed) {
  const Eigen::MatrixXd t = study.targets(fixed.rows());
  const Eigen::VectorXd mean = study.fit_mean();
  return cosine_centred(study.activations(exact.mean), t, mean, study.sites()) -
         cosine_centred(fixed, t, mean, study.sites());
}

/// The compared samples in float64.
class Exact {
 public:
  Exact(const Study& study, Eigen::Index count, Beside& beside) : study_(study), count_(count), beside_(beside) {}

  /// Throws Error as Float64Plan.
  Pending<BatchResult> at(double kt) {
    if (!plan_) plan_ = std::make_shared<const Float64Plan>(study_.machine(), study_.configuration().state_range());
    BatchPlan plan = study_.plan;
    plan.kt = kt;
    const SampleField own = [&study = study_](Eigen::Index s) { return study.to_compare(s).fields; };
    return beside_.batch("float64", float64_pieces(*study_.fixed, plan_, count_, own, plan));
  }

 private:
  const Study& study_;
  Eigen::Index count_;
  Beside& beside_;
  std::shared_ptr<const Float64Plan> plan_;
};

void ask_loss_kt0(const Study& study, Exact& exact, const std::shared_ptr<Readouts>& readouts, Beside& beside) {
  const std::size_t fixed = readouts->add([&](Eigen::Index s) { return study.to_compare(s).fields; }, 0);
  beside.then([&study, readouts, fixed, cold = exact.at(0)](Results& results) {
    results.measure("fixed_point.loss_kt0", results.report.fixed_point.loss_kt0,
                    [&] { return loss(study, complete(cold, readouts->samples()), readouts->of(fixed)); });
  });
}

void ask_loss(const Study& study, Exact& exact, const Settled& settled, Eigen::Index count, Beside& beside) {
  beside.then([&study, &settled, count, warm = exact.at(study.kt())](Results& results) {
    Report::FixedPoint& out = results.report.fixed_point;
    results.take("fixed_point.loss", [&] {
      const Eigen::MatrixXd fixed = settled.batch.mean.topRows(count);
      results.measure("fixed_point.mean_bias", out.mean_bias, [&] {
        require_warm(study);
        const BatchResult& exact = complete(warm, count);
        return mean_bias(fixed, exact.mean, exact.variance);
      });
      require_readout(fixed);
      out.loss = loss(study, complete(warm, count), study.activations(fixed));
    });
  });
}

void ask_biases(const Study& study, RunArrays& arrays, Beside& beside) {
  require_warm(study);
  const Eigen::Index cells = std::min<Eigen::Index>(study.decoder().cells(), kCovarianceCells);
  const auto series = beside.work<StateSeries>("snapshots", [&study, &arrays, cells](std::size_t worker) {
    return same_noise_series(arrays.model(worker), study.conditions(0), cells, snapshot_plan(study), study.stop);
  });
  beside.then([series](Results& results) {
    results.take("fixed_point.covariance_bias", [&] {
      results.report.fixed_point.variance_bias = variance_bias(series.get().fixed, series.get().exact);
      results.report.fixed_point.covariance_bias = covariance_bias(series.get().fixed, series.get().exact);
    });
  });
}

void ask_stall(const Study& study, RunArrays& arrays, RestPoints& rest, Beside& beside) {
  require_free(study.machine());
  const auto left = beside.work<double>("stall", [&study, &arrays, &rest](std::size_t worker) {
    return stall(arrays.model(worker), study.to_compare(0).fields, rest.of(0), study.plan.steps(), study.stop);
  });
  beside.then([left](Results& results) {
    results.measure("fixed_point.stall", results.report.fixed_point.stall, [&] { return left.get(); });
  });
}

}  // namespace

void measure_word_lengths(const Study& study, const Settled& settled, RunArrays& arrays, RestPoints& rest,
                          const std::shared_ptr<Readouts>& readouts, Beside& beside, Results& results) {
  const Eigen::Index count = study.compared(settled.batch.samples);
  Exact exact(study, count, beside);
  results.take("fixed_point.covariance_bias", [&] { ask_biases(study, arrays, beside); });
  results.take("fixed_point.stall", [&] { ask_stall(study, arrays, rest, beside); });
  results.take("fixed_point.loss_kt0", [&] { ask_loss_kt0(study, exact, readouts, beside); });
  results.take("fixed_point.loss", [&] { ask_loss(study, exact, settled, count, beside); });
}

}  // namespace settle
