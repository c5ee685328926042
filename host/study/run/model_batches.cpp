#include "study/run/model_batches.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "array/ensemble/kernels.hpp"
#include "base/parallel.hpp"
#include "device/engine_names.hpp"

namespace settle {

namespace {

constexpr int kProbes = 3;
constexpr int kProbeUpdates = 65536, kLeastProbeSteps = 2;  // of a chain

/// A sample a piece, each worker on an array of its own.
class SamplePieces : public Pieces {
 public:
  SamplePieces(ModelBatches& owner, Batch batch)
      : owner_(owner),
        batch_(std::move(batch)),
        sums_(batch_.samples, owner.fixed().layer(owner.fixed().machine.decoder).cells()) {}

  std::size_t count() const override { return static_cast<std::size_t>(batch_.samples); }

  Eigen::Index settle(std::size_t piece, std::size_t worker, const std::function<bool()>& stop) override {
    LoadedArray& array = owner_.array(worker);
    if (!batch_.kt) set_steps(array, batch_.plan, batch_.plan.kt);  // otherwise each sample says its own
    return settle_sample(array, batch_, static_cast<Eigen::Index>(piece), sums_, stop) ? 1 : 0;
  }

  BatchResult result() const override { return sums_.result(owner_.fixed(), batch_.plan); }

 private:
  ModelBatches& owner_;
  const Batch batch_;
  BatchSums sums_;
};

}  // namespace

ModelBatches::ModelBatches(const MakeDevice& make_device, std::shared_ptr<const FixedMachine> fixed,
                           std::size_t threads, std::string engine)
    : make_device_(make_device), fixed_(std::move(fixed)), threads_(threads), engine_(std::move(engine)) {}

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

double ModelBatches::block_pays_from() {
  if (!block_pays_from_) {
    const std::vector<std::int16_t> fields(static_cast<std::size_t>(fixed_->cells()));
    const int steps = std::max(kLeastProbeSteps, kProbeUpdates / fixed_->cells());
    double block = HUGE_VAL, chain = HUGE_VAL;
    for (int probe = 0; probe < kProbes; ++probe) {
      block = std::min(block, ensemble_->seconds(fields, fixed_->machine.kt, steps, 1));
      chain = std::min(chain, array_seconds(1, fields, fixed_->machine.kt, steps));
    }
    block_pays_from_ = block / chain;
  }
  return *block_pays_from_;
}

const Ensemble* ModelBatches::blocks(Eigen::Index chains, std::size_t workers) {
  if (engine_ == kModelEngine || !not_proved().empty()) return nullptr;
  const double on_each = std::ceil(static_cast<double>(chains) / static_cast<double>(workers));
  return std::min<double>(ensemble::kChains, on_each) > block_pays_from() ? ensemble_.get() : nullptr;
}

LoadedArray& ModelBatches::array(std::size_t worker) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (arrays_.size() <= worker) arrays_.resize(worker + 1);
  std::unique_ptr<Engines>& made = arrays_[worker];
  if (!made) made = std::make_unique<Engines>(make_device_, engine_, fixed_, 1);
  return made->first();
}

std::vector<LoadedArray*> ModelBatches::arrays(std::size_t count) {
  std::vector<LoadedArray*> all;
  for (std::size_t worker = 0; worker < count; ++worker) all.push_back(&array(worker));
  return all;
}

std::unique_ptr<Pieces> ModelBatches::pieces(Batch batch, std::size_t workers) {
  if (const Ensemble* const engine = blocks(batch.samples, 1)) return engine->pieces(std::move(batch), workers);
  return std::make_unique<SamplePieces>(*this, std::move(batch));
}

BatchResult ModelBatches::settle(const Batch& batch, const BatchWatch& watch) {
  const Ensemble* const engine = blocks(batch.samples, workers(batch.samples));
  return engine != nullptr ? engine->settle(batch, watch) : settle_batch(arrays(workers(batch.samples)), batch, watch);
}

double ModelBatches::seconds(Eigen::Index samples, const std::vector<std::int16_t>& fields, double kt, int steps) {
  if (const Ensemble* const engine = blocks(samples, workers(samples))) {
    return engine->seconds(fields, kt, steps, engine->workers(samples));
  }
  return array_seconds(workers(samples), fields, kt, steps);
}

double ModelBatches::array_seconds(std::size_t count, const std::vector<std::int16_t>& fields, double kt, int steps) {
  const std::vector<LoadedArray*> all = arrays(count);
  for (LoadedArray* array : all) {
    array->driver().set_fields(fields);
    array->set_schedule({{steps, false}}, kt);
  }
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(count, count, [&](std::size_t, std::size_t worker) { all[worker]->run({true, true}, {}); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::size_t ModelBatches::piece_count(Eigen::Index chains) {
  const Eigen::Index each = blocks(chains, 1) != nullptr ? ensemble::kChains : 1;
  return static_cast<std::size_t>((chains + each - 1) / each);
}

double ModelBatches::piece_seconds(Eigen::Index chains, std::size_t workers, const std::vector<std::int16_t>& fields,
                                   double kt, int steps) {
  if (const Ensemble* const engine = blocks(chains, 1)) return engine->seconds(fields, kt, steps, workers);
  return array_seconds(workers, fields, kt, steps);
}

double ModelBatches::rounds(Eigen::Index samples) {
  if (const Ensemble* const engine = blocks(samples, workers(samples))) return engine->rounds(samples);
  return std::ceil(static_cast<double>(samples) / static_cast<double>(workers(samples)));
}

}  // namespace settle
