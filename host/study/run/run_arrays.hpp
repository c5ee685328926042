// The arrays of a run: those of its own engine, and arrays on the host that give the same bits where its own would take
// long.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "study/run/beside.hpp"
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

  /// An array with the model's bits, one for each thread of the work beside the settling; made when it is first asked
  /// for. With the engine `model` it is the model itself.
  LoadedArray& model(std::size_t worker);

  /// Has a path watched step by step on an array of the run's own, or on a model where every step takes the verilated
  /// array long; one path after the other where there is one such array.
  template <typename T>
  Pending<T> stepped_work(Beside& beside, const char* side, std::function<T(LoadedArray& array)> job) {
    const std::function<T(std::size_t)> on = [this, job = std::move(job)](std::size_t worker) {
      return job(stepped(worker));
    };
    return one_stepped() ? beside.work_in_order(side, on) : beside.work(side, on);
  }

  /// The array on which worker 0 does so.
  LoadedArray& stepped() { return stepped(0); }

 private:
  bool one_stepped() const;
  LoadedArray& stepped(std::size_t worker);

  const Study& study_;
  std::mutex mutex_;
  std::unique_ptr<Engines> own_;
  std::unique_ptr<ModelBatches> batches_;
  ModelBatches more_models_;  ///< of the engine `model`, for threads that have none of the run's own
};

}  // namespace settle
