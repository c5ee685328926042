#include "study/run/run_arrays.hpp"

#include "device/engine_names.hpp"

namespace settle {

namespace {

/// How many samples the run's own arrays share: a waveform is of one array, and of all that it does.
Eigen::Index shared(const Study& study) {
  return study.options.trace.empty() ? static_cast<Eigen::Index>(study.images.size()) : 1;
}

}  // namespace

RunArrays::RunArrays(const Study& study)
    : study_(study),
      own_(std::make_unique<Engines>(study.make_device, study.options.engine, study.fixed, shared(study),
                                     study.options.threads)) {}

ModelBatches& RunArrays::batches() {
  if (!batches_) batches_ = std::make_unique<ModelBatches>(study_.make_device, study_.fixed, study_.options.threads);
  return *batches_;
}

LoadedArray& RunArrays::model() {
  if (makes_model_bits(study_.options.engine)) return own_->first();
  if (!model_) model_ = std::make_unique<Engines>(study_.make_device, kModelEngine, study_.fixed, 1);
  return model_->first();
}

LoadedArray& RunArrays::stepped() { return study_.large() ? model() : own_->first(); }

}  // namespace settle
