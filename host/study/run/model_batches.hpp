// Batches with the model's bits: on the ensemble engine where that is faster and the machine's sums are proved to fit
// its vectors, and otherwise on models side by side.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "study/run/engines.hpp"
#include "study/run/ensemble.hpp"

namespace settle {

class ModelBatches {
 public:
  /// `threads`: at most, 0: one per core.
  ModelBatches(const MakeDevice& make_device, std::shared_ptr<const FixedMachine> fixed, std::size_t threads = 0);

  const FixedMachine& fixed() const { return *fixed_; }

  /// Why the ensemble engine does not take the machine; empty if it does.
  const std::string& not_proved();

  /// As settle_batch(). Throws Error as Engines and Ensemble, too.
  BatchResult settle(const Batch& batch, const BatchWatch& watch = {});

  /// A batch in pieces for `workers` threads, of which other work keeps all busy: full blocks of the ensemble engine,
  /// or one sample a piece on models. This must outlive it.
  std::unique_ptr<Pieces> pieces(Batch batch, std::size_t workers);

  /// An array with the model's bits that has the machine loaded, for one of `workers` threads.
  LoadedArray& model(std::size_t worker, std::size_t workers);

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
  /// The ensemble engine if it is to settle so many samples, or null.
  const Ensemble* ensemble(Eigen::Index samples);
  std::size_t workers(Eigen::Index samples) const;
  /// Whether pieces of so many chains are blocks of the ensemble engine.
  bool in_blocks(Eigen::Index chains);
  double model_seconds(std::size_t count, const std::vector<std::int16_t>& fields, double kt, int steps);
  /// So many models, or more.
  const std::vector<LoadedArray*>& models(std::size_t count);

  const MakeDevice& make_device_;
  std::shared_ptr<const FixedMachine> fixed_;
  std::size_t threads_;
  std::unique_ptr<Ensemble> ensemble_;
  std::unique_ptr<Engines> models_;
  std::optional<std::string> not_proved_;
};

}  // namespace settle
