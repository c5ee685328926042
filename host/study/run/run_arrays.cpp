#include "study/run/run_arrays.hpp"

#include "device/engine_names.hpp"

namespace settle {

namespace {

/// How many samples the run's own arrays share: a waveform is of one array, and of all that it does; the ensemble
/// engine settles batches in its own blocks.
Eigen::Index shared(const Study& study) {
  return study.options.trace.empty() && study.options.engine != kEnsembleEngine
             ? static_cast<Eigen::Index>(study.images.size())
             : 1;
}

}  // namespace

RunArrays::RunArrays(const Study& study)
    : study_(study),
      own_(std::make_unique<Engines>(study.make_device, study.options.engine, study.fixed, shared(study),
                                     study.options.threads)),
      more_models_(study.make_device, study.fixed, study.options.threads, kModelEngine) {}

ModelBatches& RunArrays::batches() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!batches_) {
    batches_ = std::make_unique<ModelBatches>(study_.make_device, study_.fixed, study_.options.threads);
  }
  return *batches_;
}

LoadedArray& RunArrays::model(std::size_t worker) {
  if (study_.options.engine != kModelEngine) return batches().array(worker);
  return worker < own_->all().size() ? *own_->all()[worker] : more_models_.array(worker);
}

bool RunArrays::one_stepped() const {
  return !study_.large() && !makes_model_bits(study_.options.engine) && own_->all().size() < study_.threads();
}

LoadedArray& RunArrays::stepped(std::size_t worker) {
  if (study_.large() || makes_model_bits(study_.options.engine)) return model(worker);
  return one_stepped() ? own_->first() : *own_->all().at(worker);
}

}  // namespace settle
