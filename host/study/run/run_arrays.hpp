// The arrays of a run: those of its own engine, and models that give the same bits where its own would take long.
#pragma once

#include <memory>

#include "study/run/engines.hpp"
#include "study/run/model_batches.hpp"
#include "study/run/study.hpp"

namespace settle {

class RunArrays {
 public:
  /// Makes and loads the run's own. Throws Error as Engines. `study` must outlive it.
  explicit RunArrays(const Study& study);

  const Engines& own() const { return *own_; }

  /// Batches with the model's bits; made when they are first asked for.
  ModelBatches& batches();

  /// One array of the model engine; made when it is first asked for.
  LoadedArray& model();

  /// The run's own array, or a model for machines whose every step takes the verilated array long.
  LoadedArray& stepped();

 private:
  const Study& study_;
  std::unique_ptr<Engines> own_, model_;
  std::unique_ptr<ModelBatches> batches_;
};

}  // namespace settle
