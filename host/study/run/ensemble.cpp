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
  Block(const Ensemble& owner, const BatchPlan& plan)
      : owner_(owner), memories_(owner.memories_), block_(owner.plan_), kt_(-1) {
    const Configuration& c = owner.fixed_->configuration;
    if (c.segments < 2) throw error("schedule: 2 segments, configuration {} takes 1 to {}", c.name, c.segments);
    memories_.segments.at(0) = {static_cast<std::uint32_t>(plan.settle_steps), false};
    memories_.segments.at(1) = {static_cast<std::uint32_t>(plan.window_steps), true};
    block_.set_common(memories_);
  }

  void set(int chain, const std::vector<std::int16_t>& fields, double kt, std::uint64_t noise_seed) {
    put_fields(fields, owner_.fixed_->contents, memories_);
    if (kt != kt_) {
      const Configuration& c = owner_.fixed_->configuration;
      const std::vector<std::int16_t> gains = owner_.fixed_->gains(kt);
      for (std::size_t s = 0; s < 2; ++s) {
        std::copy(gains.begin(), gains.end(),
                  memories_.gains.begin() + static_cast<std::ptrdiff_t>(s) * static_cast<std::ptrdiff_t>(c.layers));
      }
      kt_ = kt;
    }
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
  double kt_;  ///< whose gains the memories hold; none yet: below 0
};

class Ensemble::BlockPieces : public Pieces {
 public:
  BlockPieces(const Ensemble& owner, Batch batch, Eigen::Index samples_each, std::size_t workers)
      : owner_(owner),
        batch_(std::move(batch)),
        each_(samples_each),
        blocks_(workers),
        sums_(batch_.samples, owner.decoder().cells()) {}

  std::size_t count() const override { return static_cast<std::size_t>((batch_.samples + each_ - 1) / each_); }

  Eigen::Index settle(std::size_t piece, std::size_t worker, const std::function<bool()>& stop) override {
    if (!blocks_[worker]) blocks_[worker] = std::make_unique<Block>(owner_, batch_.plan);
    Block& block = *blocks_[worker];
    const Eigen::Index first = static_cast<Eigen::Index>(piece) * each_;
    const auto count = static_cast<int>(std::min(each_, batch_.samples - first));
    for (int k = 0; k < count; ++k) {
      block.set(k, batch_.field(first + k), batch_.kt_of(first + k), batch_.noise_seed_of(first + k));
    }
    if (!block.run(stop)) return 0;  // the samples in flight are dropped
    const LayerContents& decoder = owner_.decoder();
    const Configuration& c = owner_.fixed_->configuration;
    const double state = c.state.unit() * decoder.scale;
    const double square = c.operand.unit() * c.operand.unit() * decoder.scale * decoder.scale;
    Eigen::VectorXd x(decoder.cells()), squares(decoder.cells());
    for (int k = 0; k < count; ++k) {
      for (int i = 0; i < decoder.cells(); ++i) {
        x(i) = static_cast<double>(block.result().sum(k, decoder.first + i)) * state;
        squares(i) = static_cast<double>(block.result().square(k, decoder.first + i)) * square;
      }
      sums_.set(first + k, x, squares);
      sums_.complete(first + k, std::uint64_t{block.result().saturated_states(k)} + block.result().saturated_words(k));
    }
    return count;
  }

  BatchResult result() const override { return sums_.result(*owner_.fixed_, batch_.plan); }

 private:
  const Ensemble& owner_;
  const Batch batch_;
  const Eigen::Index each_;
  std::vector<std::unique_ptr<Block>> blocks_;  ///< [workers], made when first needed
  BatchSums sums_;
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

const LayerContents& Ensemble::decoder() const { return fixed_->layer(fixed_->machine.decoder); }

std::unique_ptr<Pieces> Ensemble::pieces(Batch batch, std::size_t workers) const {
  return std::make_unique<BlockPieces>(*this, std::move(batch), kChains, workers);
}

BatchResult Ensemble::settle(const Batch& batch, const BatchWatch& watch) const {
  const std::size_t threads = workers(batch.samples);
  BlockPieces pieces(*this, batch, block_samples(batch.samples), threads);
  std::mutex progress_mutex;
  Eigen::Index done = 0;
  const auto work = [&](std::size_t item, std::size_t worker) {
    const Eigen::Index settled = pieces.settle(item, worker, watch.stop);
    if (settled == 0 || !watch.progress) return;
    const std::lock_guard<std::mutex> lock(progress_mutex);
    done += settled;
    watch.progress(done, batch.samples);
  };
  parallel_for(pieces.count(), threads, work, watch.stop);
  return pieces.result();
}

std::size_t Ensemble::workers(Eigen::Index samples) const { return worker_count(block_count(samples), threads_); }

double Ensemble::rounds(Eigen::Index samples) const {
  return std::ceil(static_cast<double>(block_count(samples)) / static_cast<double>(workers(samples)));
}

double Ensemble::seconds(const std::vector<std::int16_t>& fields, double kt, int steps, std::size_t workers) const {
  std::vector<std::unique_ptr<Block>> blocks(workers);
  parallel_for(workers, workers, [&](std::size_t item, std::size_t) {
    blocks[item] = std::make_unique<Block>(*this, BatchPlan{kt, steps, 0, 0});
    for (int k = 0; k < kChains; ++k) blocks[item]->set(k, fields, kt, static_cast<std::uint64_t>(k));
  });
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(workers, workers, [&](std::size_t item, std::size_t) { blocks[item]->run(nullptr); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace settle
