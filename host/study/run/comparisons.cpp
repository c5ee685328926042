#include "base/error.hpp"
#include "study/measures/similarity.hpp"
#include "study/run/measurements.hpp"
#include "study/run/model_readout.hpp"

namespace settle {

void measure_comparisons(const Study& study, const Settled& settled, RunArrays& arrays, Results& results) {
  const Eigen::Index count = study.compared(settled.batch.samples);
  const Machine& machine = study.machine();
  study.progress.begin(Phase::oracle);
  results.measure("decoder.oracle", results.report.decoder.oracle, [&] {
    require_free(machine);
    const SampleField oracle = [&](Eigen::Index s) { return oracle_fields(machine, study.to_compare(s).conditioning); };
    return cosine(model_readout(study, arrays.batches(), count, oracle, study.kt()), study.targets(count),
                  study.sites());
  });
  study.progress.begin(Phase::frozen);
  results.measure("decoder.frozen_interface", results.report.decoder.frozen_interface, [&] {
    if (machine.interface.source.empty()) throw error("the machine has no interface");
    const SampleField frozen = [&](Eigen::Index s) {
      return fields(machine, study.to_compare(s).conditioning, InterfaceMode::frozen);
    };
    return cosine_centred(model_readout(study, arrays.batches(), count, frozen, study.kt()), study.targets(count),
                          study.fit_mean(), study.sites());
  });
}

}  // namespace settle
