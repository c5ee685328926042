#include "study/run/model_readout.hpp"

namespace settle {

Eigen::MatrixXd model_readout(const Study& study, ModelBatches& models, Eigen::Index samples, const SampleField& field,
                              double kt) {
  const FixedMachine& fixed = models.fixed();
  Batch batch = {samples, [&](Eigen::Index s) { return fixed_sample_field(fixed, field(s), s); }, study.plan};
  batch.plan.kt = kt;
  const BatchResult result = models.settle(batch, {study.stop});
  if (study.stop()) throw Interrupted("interrupted while comparing");
  require_readout(result.mean);
  return study.activations(result.mean);
}

}  // namespace settle
