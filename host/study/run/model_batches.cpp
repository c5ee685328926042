#include "study/run/model_batches.hpp"

#include <chrono>
#include <cmath>
#include <utility>

#include "base/parallel.hpp"
#include "device/engine_names.hpp"

namespace settle {

namespace {

/// Samples on a core below which models take no longer: a block of the ensemble engine takes as long as this many,
/// however few of its chains are asked for.
constexpr std::size_t kFewOnCore = 4;

}  // namespace

ModelBatches::ModelBatches(const MakeDevice& make_device, std::shared_ptr<const FixedMachine> fixed,
                           std::size_t threads)
    : make_device_(make_device), fixed_(std::move(fixed)), threads_(threads) {}

std::size_t ModelBatches::workers(Eigen::Index samples) const {
  return worker_count(static_cast<std::size_t>(samples), threads_);
}

const std::string& ModelBatches::not_proved() {
  if (!not_proved_) {
    try {
      ensemble_ = std::make_unique<Ensemble>(fixed_, threads_);
      not_proved_ = "";
    } catch (const ensemble::NotProved& e) {
      not_proved_ = e.what();
    }
  }
  return *not_proved_;
}

const Ensemble* ModelBatches::ensemble(Eigen::Index samples) {
  if (static_cast<std::size_t>(samples) < kFewOnCore * workers(samples)) return nullptr;
  return not_proved().empty() ? ensemble_.get() : nullptr;
}

const std::vector<LoadedArray*>& ModelBatches::models(Eigen::Index samples) {
  if (!models_ || models_->all().size() < workers(samples)) {
    models_ = std::make_unique<Engines>(make_device_, kModelEngine, fixed_, samples, threads_);
  }
  return models_->all();
}

BatchResult ModelBatches::settle(const Batch& batch, const BatchWatch& watch) {
  const Ensemble* const vectors = ensemble(batch.samples);
  return vectors != nullptr ? vectors->settle(batch, watch) : settle_batch(models(batch.samples), batch, watch);
}

double ModelBatches::seconds(Eigen::Index samples, const std::vector<std::int16_t>& fields, double kt, int steps) {
  if (const Ensemble* const vectors = ensemble(samples)) {
    return vectors->seconds(fields, kt, steps, vectors->workers(samples));
  }
  const std::vector<LoadedArray*>& arrays = models(samples);
  const std::size_t count = workers(samples);
  for (LoadedArray* array : arrays) {
    array->driver().set_fields(fields);
    array->set_schedule({{steps, false}}, kt);
  }
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(count, count, [&](std::size_t, std::size_t worker) { arrays[worker]->run({true, true}, {}); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double ModelBatches::rounds(Eigen::Index samples) {
  if (const Ensemble* const vectors = ensemble(samples)) return vectors->rounds(samples);
  return std::ceil(static_cast<double>(samples) / static_cast<double>(workers(samples)));
}

}  // namespace settle
