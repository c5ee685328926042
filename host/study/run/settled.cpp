#include "study/run/settled.hpp"

#include <chrono>

#include "device/engine_names.hpp"

namespace settle {

Settled settle_samples(const Study& study, RunArrays& arrays) {
  study.progress.begin(Phase::settling);
  Settled settled;
  const Batch batch = {static_cast<Eigen::Index>(study.samples.size()),
                       [&](Eigen::Index s) { return study.sample(s).fields; }, study.plan};
  const BatchWatch watch = {study.stop, [&](Eigen::Index done, Eigen::Index all) { study.progress.done(done, all); },
                            &settled.failure};
  const auto begin = std::chrono::steady_clock::now();
  settled.batch = study.options.engine == kEnsembleEngine ? arrays.batches().settle(batch, watch)
                                                          : settle_batch(arrays.own().all(), batch, watch);
  settled.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return settled;
}

void count_work(const Study& study, const Settled& settled, Results& results) {
  const BatchResult& batch = settled.batch;
  Report& report = results.report;
  report.cell_updates = batch.cell_updates;
  report.saturations = batch.saturations;
  if (batch.cycles == 0) {
    results.not_taken["cycles"] = "the engine has no clock: no cycles, no mac_utilisation";
    return;
  }
  report.cycles = batch.cycles;
  const StepProducts& p = study.fixed->contents.products;
  const auto settle = static_cast<double>(p.always + p.project + (study.kt() > 0 ? p.noise : 0));
  const double products =
      settle * study.plan.settle_steps + (settle + static_cast<double>(p.window)) * study.plan.window_steps;
  report.mac_utilisation =
      products * static_cast<double>(batch.samples) / (static_cast<double>(batch.cycles) * study.configuration().lanes);
}

}  // namespace settle
