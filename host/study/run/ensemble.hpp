// Batches on the ensemble engine: many samples of one machine at once, with the model's bits in each.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "array/ensemble/block_plan.hpp"
#include "array/model/array_model.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "study/run/pieces.hpp"

namespace settle {

class Ensemble {
 public:
  /// Prepares a machine whose sums are proved to fit vectors. Throws ensemble::NotProved for others: the model takes
  /// any. `threads`: at most, 0: one per core.
  explicit Ensemble(std::shared_ptr<const FixedMachine> fixed, std::size_t threads = 0);

  const FixedMachine& fixed() const { return *fixed_; }

  /// As settle_batch() on models, with the same result, on its threads. When watch.stop says yes, the blocks in flight
  /// are dropped: up to sixteen samples of each thread. Throws Error unless the configuration has a segment for the
  /// steps before the window and one for the window.
  BatchResult settle(const Batch& batch, const BatchWatch& watch = {}) const;

  /// A batch in full blocks, for `workers` threads. This must outlive it. Throws as settle(), when a piece is settled.
  std::unique_ptr<Pieces> pieces(Batch batch, std::size_t workers) const;

  /// Seconds that `steps` steps take of a full block on each of `workers` threads, every sample under these fields.
  double seconds(const std::vector<std::int16_t>& fields, double kt, int steps, std::size_t workers) const;

  /// Threads that share a batch of `samples`, and how many blocks one of them settles.
  std::size_t workers(Eigen::Index samples) const;
  double rounds(Eigen::Index samples) const;

 private:
  class Block;
  class BlockPieces;

  const LayerContents& decoder() const;
  Eigen::Index block_samples(Eigen::Index samples) const;
  std::size_t block_count(Eigen::Index samples) const;

  std::shared_ptr<const FixedMachine> fixed_;
  std::size_t threads_;
  ArrayMemories memories_;  ///< the machine's, without fields, schedule and noise
  std::shared_ptr<const ensemble::BlockPlan> plan_;
};

}  // namespace settle
