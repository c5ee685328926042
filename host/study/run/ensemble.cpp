#include "study/run/ensemble.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <vector>

#include "array/ensemble/array_block.hpp"
#include "array/model/noise.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "machine/fixed_point/array_memories.hpp"

namespace settle {

namespace {

using ensemble::kChains;

constexpr std::uint64_t kBlockSteps = 2;  // between two questions whether to stop: of sixteen chains each

}  // namespace

/// A block of one worker, and the memories by which each of its chains is told what it is.
class Ensemble::Block {
 public:
  Block(const Ensemble& owner, const BatchPlan& plan) : owner_(owner), memories_(owner.memories_), block_(owner.plan_) {
    const Configuration& c = owner.fixed_->configuration;
    if (c.segments < 2) throw error("schedule: 2 segments, configuration {} takes 1 to {}", c.name, c.segments);
    const std::vector<std::int16_t> gains = owner.fixed_->gains(plan.kt);
    memories_.segments.at(0) = {static_cast<std::uint32_t>(plan.settle_steps), false};
    memories_.segments.at(1) = {static_cast<std::uint32_t>(plan.window_steps), true};
    for (std::size_t s = 0; s < 2; ++s) {
      std::copy(gains.begin(), gains.end(),
                memories_.gains.begin() + static_cast<std::ptrdiff_t>(s) * static_cast<std::ptrdiff_t>(c.layers));
    }
    block_.set_common(memories_);
  }

  void set(int chain, const std::vector<std::int16_t>& fields, std::uint64_t noise_seed) {
    put_fields(fields, owner_.fixed_->contents, memories_);
    memories_.noise_keys = noise_keys(noise_seed, owner_.fixed_->configuration.noise_rounds);
    block_.set_chain(chain, memories_);
  }

  /// From x = 0 at step 0 to the schedule's end; false if `stop` said yes before.
  bool run(const std::function<bool()>& stop) {
    block_.step = 0;
    block_.clear_results();
    block_.begin(2);
    do {
      if (stop && stop()) return false;
    } while (block_.advance(kBlockSteps));
    return true;
  }

  const ensemble::ArrayBlock& result() const { return block_; }

 private:
  const Ensemble& owner_;
  ArrayMemories memories_;
  ensemble::ArrayBlock block_;
};

Ensemble::Ensemble(std::shared_ptr<const FixedMachine> fixed, std::size_t threads)
    : fixed_(std::move(fixed)),
      threads_(threads),
      memories_(array_memories(fixed_->contents, fixed_->configuration)),
      plan_(std::make_shared<const ensemble::BlockPlan>(fixed_->configuration, memories_)) {}

/// Sixteen, or fewer where there is a thread for each.
Eigen::Index Ensemble::block_samples(Eigen::Index samples) const {
  const auto threads = static_cast<Eigen::Index>(worker_count(static_cast<std::size_t>(samples), threads_));
  return std::clamp<Eigen::Index>((samples + threads - 1) / threads, 1, kChains);
}

std::size_t Ensemble::block_count(Eigen::Index samples) const {
  const Eigen::Index each = block_samples(samples);
  return static_cast<std::size_t>((samples + each - 1) / each);
}

BatchResult Ensemble::settle(const Batch& batch, const BatchWatch& watch) const {
  const LayerContents& decoder = fixed_->layer(fixed_->machine.decoder);
  const Configuration& c = fixed_->configuration;
  BatchSums sums(batch.samples, decoder.cells());
  const Eigen::Index each = block_samples(batch.samples);
  const std::size_t blocks = block_count(batch.samples);
  std::vector<std::unique_ptr<Block>> made(workers(batch.samples));
  std::mutex progress_mutex;
  Eigen::Index done = 0;
  const auto work = [&](std::size_t item, std::size_t worker) {
    if (!made[worker]) made[worker] = std::make_unique<Block>(*this, batch.plan);
    Block& block = *made[worker];
    const Eigen::Index first = static_cast<Eigen::Index>(item) * each;
    const auto count = static_cast<int>(std::min(each, batch.samples - first));
    for (int k = 0; k < count; ++k) {
      const Eigen::Index s = first + k;
      block.set(k, batch.field(s), sample_seed(batch.plan.seed, static_cast<std::uint64_t>(s)));
    }
    if (!block.run(watch.stop)) return;  // the samples in flight are dropped
    const double state = c.state.unit() * decoder.scale;
    const double square = c.operand.unit() * c.operand.unit() * decoder.scale * decoder.scale;
    Eigen::VectorXd x(decoder.cells()), squares(decoder.cells());
    for (int k = 0; k < count; ++k) {
      const Eigen::Index s = first + k;
      for (int i = 0; i < decoder.cells(); ++i) {
        x(i) = static_cast<double>(block.result().sum(k, decoder.first + i)) * state;
        squares(i) = static_cast<double>(block.result().square(k, decoder.first + i)) * square;
      }
      sums.set(s, x, squares);
      sums.complete(s, std::uint64_t{block.result().saturated_states(k)} + block.result().saturated_words(k));
    }
    if (!watch.progress) return;
    const std::lock_guard<std::mutex> lock(progress_mutex);
    done += count;
    watch.progress(done, batch.samples);
  };
  parallel_for(blocks, made.size(), work, watch.stop);
  return sums.result(*fixed_, batch.plan);
}

std::size_t Ensemble::workers(Eigen::Index samples) const { return worker_count(block_count(samples), threads_); }

double Ensemble::rounds(Eigen::Index samples) const {
  return std::ceil(static_cast<double>(block_count(samples)) / static_cast<double>(workers(samples)));
}

double Ensemble::seconds(const std::vector<std::int16_t>& fields, double kt, int steps, std::size_t workers) const {
  std::vector<std::unique_ptr<Block>> blocks(workers);
  parallel_for(workers, workers, [&](std::size_t item, std::size_t) {
    blocks[item] = std::make_unique<Block>(*this, BatchPlan{kt, steps, 0, 0});
    for (int k = 0; k < kChains; ++k) blocks[item]->set(k, fields, static_cast<std::uint64_t>(k));
  });
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(workers, workers, [&](std::size_t item, std::size_t) { blocks[item]->run(nullptr); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace settle
