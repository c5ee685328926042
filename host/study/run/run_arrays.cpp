#include "study/run/run_arrays.hpp"

namespace settle {

namespace {

Eigen::Index asked_for(const Study& study) { return static_cast<Eigen::Index>(study.images.size()); }

}  // namespace

RunArrays::RunArrays(const Study& study)
    : study_(study),
      own_(std::make_unique<Engines>(study.make_device, study.options.engine, study.fixed, asked_for(study))) {}

const Engines& RunArrays::models() {
  if (study_.options.engine == "model") return *own_;
  if (!models_) {
    models_ = std::make_unique<Engines>(study_.make_device, "model", study_.fixed, study_.compared(asked_for(study_)));
  }
  return *models_;
}

LoadedArray& RunArrays::stepped() { return study_.large() ? models().first() : own_->first(); }

}  // namespace settle
