#include "study/run/model_batches.hpp"

#include <chrono>
#include <cmath>

#include "base/parallel.hpp"

namespace settle {

ModelBatches::ModelBatches(const MakeDevice& make_device, const std::shared_ptr<const FixedMachine>& fixed,
                           Eigen::Index samples)
    : fixed_(fixed), samples_(samples) {
  try {
    ensemble_ = std::make_unique<Ensemble>(fixed);
  } catch (const ensemble::NotProved& e) {
    not_proved_ = e.what();
    models_ = std::make_unique<Engines>(make_device, "model", fixed, samples);
  }
}

BatchResult ModelBatches::settle(const Batch& batch, const BatchWatch& watch) const {
  return ensemble_ ? ensemble_->settle(batch, watch) : settle_batch(models_->all(), batch, watch);
}

double ModelBatches::seconds(const std::vector<std::int16_t>& fields, double kt, int steps) const {
  if (ensemble_) return ensemble_->seconds(fields, kt, steps, Ensemble::workers(samples_));
  const std::vector<LoadedArray*>& arrays = models_->all();
  for (LoadedArray* array : arrays) {
    array->driver().set_fields(fields);
    array->set_schedule({{steps, false}}, kt);
  }
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(arrays.size(), arrays.size(), [&](std::size_t, std::size_t worker) {
    arrays[worker]->run({true, true}, {});
  });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double ModelBatches::rounds(Eigen::Index samples) const {
  if (ensemble_) return Ensemble::rounds(samples);
  const auto workers = static_cast<double>(worker_count(static_cast<std::size_t>(samples)));
  return std::ceil(static_cast<double>(samples) / workers);
}

}  // namespace settle
