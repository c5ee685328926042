// Batches with the model's bits, in whichever of two ways is faster here: in blocks of the ensemble engine, or chain
// after chain on its loops for one, an array on each core. Machines whose sums are not proved to fit vectors are run by
// the model.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "study/run/engines.hpp"
#include "study/run/ensemble.hpp"

namespace settle {

class ModelBatches {
 public:
  /// `threads`: at most, 0: one per core. `engine`: the ensemble's, or the model's to have everything from the model
  /// itself. Both arguments must outlive this.
  ModelBatches(const MakeDevice& make_device, std::shared_ptr<const FixedMachine> fixed, std::size_t threads = 0,
               std::string engine = kEnsembleEngine);

  const FixedMachine& fixed() const { return *fixed_; }

  /// Why the ensemble engine does not take the machine; empty if it does.
  const std::string& not_proved();

  /// As settle_batch(). Throws Error as Engines and Ensemble, too.
  BatchResult settle(const Batch& batch, const BatchWatch& watch = {});

  /// A batch in pieces for `workers` threads, of which other work keeps all busy: full blocks of the ensemble engine,
  /// or one sample a piece. This must outlive it.
  std::unique_ptr<Pieces> pieces(Batch batch, std::size_t workers);

  /// An array with the model's bits that has the machine loaded, for one of the threads.
  /// Made when it is first asked for, also by several threads at once.
  LoadedArray& array(std::size_t worker);

  /// Pieces of a batch of `chains`, and seconds of `steps` steps of one while `workers` threads have one each, every
  /// chain under these fields.
  std::size_t piece_count(Eigen::Index chains);
  double piece_seconds(Eigen::Index chains, std::size_t workers, const std::vector<std::int16_t>& fields, double kt,
                       int steps);

  /// For a batch of `samples`: seconds of `steps` steps while all of its threads work, every sample under these fields;
  /// and how many times that long the batch takes for as many steps.
  double seconds(Eigen::Index samples, const std::vector<std::int16_t>& fields, double kt, int steps);
  double rounds(Eigen::Index samples);

 private:
  /// The ensemble engine if blocks of it are to settle `chains` on each of `workers` threads, or null.
  const Ensemble* blocks(Eigen::Index chains, std::size_t workers);
  std::size_t workers(Eigen::Index samples) const;
  /// So many arrays for one chain each; those that were made before stay.
  std::vector<LoadedArray*> arrays(std::size_t count);
  double array_seconds(std::size_t count, const std::vector<std::int16_t>& fields, double kt, int steps);
  /// Chains for which a block takes as long as one chain after the other, found by a probe of a few steps. The bits are
  /// the same in either way.
  double block_pays_from();

  const MakeDevice& make_device_;
  std::shared_ptr<const FixedMachine> fixed_;
  std::size_t threads_;
  std::unique_ptr<Ensemble> ensemble_;
  std::string engine_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Engines>> arrays_;  ///< of one array each; null: not made yet
  std::optional<double> block_pays_from_;
  std::optional<std::string> not_proved_;
};

}  // namespace settle
