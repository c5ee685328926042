// The arrays of a run: those of its own engine, and models that give the same bits where its own would take long.
#pragma once

#include <memory>

#include "study/run/engines.hpp"
#include "study/run/study.hpp"

namespace settle {

class RunArrays {
 public:
  /// Makes and loads the run's own. Throws Error as Engines. `study` must outlive it.
  explicit RunArrays(const Study& study);

  const Engines& own() const { return *own_; }

  /// Of the model engine, enough for the samples that are compared; made when they are first asked for.
  const Engines& models();

  /// The run's own array, or a model for machines whose every step takes the verilated array long.
  LoadedArray& stepped();

 private:
  const Study& study_;
  std::unique_ptr<Engines> own_, models_;
};

}  // namespace settle
