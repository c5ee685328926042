#include "study/run/model_batches.hpp"

#include <chrono>
#include <cmath>
#include <utility>

#include "array/ensemble/kernels.hpp"
#include "base/parallel.hpp"
#include "device/engine_names.hpp"

namespace settle {

namespace {

/// Samples on a core below which models take no longer: a block of the ensemble engine takes as long as this many,
/// however few of its chains are asked for.
constexpr std::size_t kFewOnCore = 4;

/// A sample a piece, each worker on a model of its own.
class ModelPieces : public Pieces {
 public:
  ModelPieces(std::vector<LoadedArray*> models, const FixedMachine& fixed, Batch batch)
      : models_(std::move(models)),
        fixed_(fixed),
        batch_(std::move(batch)),
        sums_(batch_.samples, fixed.layer(fixed.machine.decoder).cells()) {}

  std::size_t count() const override { return static_cast<std::size_t>(batch_.samples); }

  Eigen::Index settle(std::size_t piece, std::size_t worker, const std::function<bool()>& stop) override {
    const auto sample = static_cast<Eigen::Index>(piece);
    set_steps(*models_[worker], batch_.plan, batch_.kt_of(sample));
    return settle_sample(*models_[worker], batch_, sample, sums_, stop) ? 1 : 0;
  }

  BatchResult result() const override { return sums_.result(fixed_, batch_.plan); }

 private:
  const std::vector<LoadedArray*> models_;
  const FixedMachine& fixed_;
  const Batch batch_;
  BatchSums sums_;
};

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

const std::vector<LoadedArray*>& ModelBatches::models(std::size_t count) {
  if (!models_ || models_->all().size() < count) {
    models_ = std::make_unique<Engines>(make_device_, kEnsembleEngine, fixed_, static_cast<Eigen::Index>(count), count);
  }
  return models_->all();
}

LoadedArray& ModelBatches::model(std::size_t worker, std::size_t workers) { return *models(workers).at(worker); }

std::unique_ptr<Pieces> ModelBatches::pieces(Batch batch, std::size_t workers) {
  if (in_blocks(batch.samples)) return ensemble_->pieces(std::move(batch), workers);
  return std::make_unique<ModelPieces>(models(workers), *fixed_, std::move(batch));
}

BatchResult ModelBatches::settle(const Batch& batch, const BatchWatch& watch) {
  const Ensemble* const vectors = ensemble(batch.samples);
  return vectors != nullptr ? vectors->settle(batch, watch)
                            : settle_batch(models(workers(batch.samples)), batch, watch);
}

double ModelBatches::seconds(Eigen::Index samples, const std::vector<std::int16_t>& fields, double kt, int steps) {
  if (const Ensemble* const vectors = ensemble(samples)) {
    return vectors->seconds(fields, kt, steps, vectors->workers(samples));
  }
  return model_seconds(workers(samples), fields, kt, steps);
}

double ModelBatches::model_seconds(std::size_t count, const std::vector<std::int16_t>& fields, double kt, int steps) {
  const std::vector<LoadedArray*>& arrays = models(count);
  for (LoadedArray* array : arrays) {
    array->driver().set_fields(fields);
    array->set_schedule({{steps, false}}, kt);
  }
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(count, count, [&](std::size_t, std::size_t worker) { arrays[worker]->run({true, true}, {}); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

bool ModelBatches::in_blocks(Eigen::Index chains) {
  return static_cast<std::size_t>(chains) > kFewOnCore && not_proved().empty();
}

std::size_t ModelBatches::piece_count(Eigen::Index chains) {
  const Eigen::Index each = in_blocks(chains) ? ensemble::kChains : 1;
  return static_cast<std::size_t>((chains + each - 1) / each);
}

double ModelBatches::piece_seconds(Eigen::Index chains, std::size_t workers, const std::vector<std::int16_t>& fields,
                                   double kt, int steps) {
  return in_blocks(chains) ? ensemble_->seconds(fields, kt, steps, workers) : model_seconds(workers, fields, kt, steps);
}

double ModelBatches::rounds(Eigen::Index samples) {
  if (const Ensemble* const vectors = ensemble(samples)) return vectors->rounds(samples);
  return std::ceil(static_cast<double>(samples) / static_cast<double>(workers(samples)));
}

}  // namespace settle
