// The work beside the settling itself: comparisons, float64, single paths. Measures say what they need of it; all cores
// share that, whatever belongs to which measure; then the measures take what they asked for.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "study/run/pieces.hpp"
#include "study/run/results.hpp"
#include "study/run/run_progress.hpp"

namespace settle {

/// What a thread works out for a measure.
template <typename T>
class Pending {
 public:
  /// Throws what the work threw, and Interrupted if it was not done to its end.
  const T& get() const {
    if (state_->failure) std::rethrow_exception(state_->failure);
    if (!state_->value) throw Interrupted("interrupted before it was measured");
    return *state_->value;
  }

 private:
  friend class Beside;
  struct State {
    std::optional<T> value;
    std::exception_ptr failure;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// All of a batch's samples. Throws as get(), and Interrupted if fewer than `samples` were settled.
const BatchResult& complete(const Pending<BatchResult>& batch, Eigen::Index samples);

class Beside {
 public:
  /// `threads`: that share the work, 1 or more; `stop`: asked often, by all of them, whether the run is to end.
  Beside(std::size_t threads, std::function<bool()> stop, RunProgress& progress);

  /// The threads that will work; `worker` below is 0 to one less.
  std::size_t workers() const { return workers_; }

  /// Work on one thread. `side`: what the progress line calls it. It should ask whether the run is to end now and then,
  /// and throw Interrupted if that says yes.
  template <typename T>
  Pending<T> work(const char* side, std::function<T(std::size_t worker)> job) {
    const Pending<T> pending;
    jobs_.push_back({{side, keep(std::move(job), pending)}});
    return pending;
  }

  /// The same for work that must not run beside other such work, as on the only array that there is: it is done in the
  /// order in which it is asked for.
  template <typename T>
  Pending<T> work_in_order(const char* side, std::function<T(std::size_t worker)> job) {
    const Pending<T> pending;
    if (in_order_ == kNone) {
      in_order_ = jobs_.size();
      jobs_.emplace_back();
    }
    jobs_[in_order_].push_back({side, keep(std::move(job), pending)});
    return pending;
  }

  /// A batch, on as many threads as are free: of its samples those before the first that was not settled (complete()
  /// asks for all). Its first failure ends it.
  Pending<BatchResult> batch(const char* side, std::unique_ptr<Pieces> pieces);

  /// What is done with it, on one thread, when all work is over; in the order in which it is said here.
  void then(std::function<void(Results&)> measure) { measures_.push_back(std::move(measure)); }

  /// Does all the work, in the order in which it was asked for, until it is done, the run is to end or a device fails;
  /// then lets every measure take its part, also if the work of others was not done. Throws the first failure of a
  /// device, or else Interrupted if a measure could not.
  void run(Results& results);

 private:
  struct Part {
    const char* side;
    std::function<void(std::size_t worker)> work;
  };
  using Job = std::vector<Part>;  ///< one after the other, on one thread
  static constexpr auto kNone = static_cast<std::size_t>(-1);

  /// What does the job and keeps its value or what it throws.
  template <typename T>
  std::function<void(std::size_t)> keep(std::function<T(std::size_t)> job, const Pending<T>& pending) {
    return [this, job = std::move(job), state = pending.state_](std::size_t worker) {
      try {
        state->value = job(worker);
      } catch (const DeviceError&) {
        device_failed_ = true;
        state->failure = std::current_exception();
      } catch (...) {
        state->failure = std::current_exception();
      }
    };
  }

  /// Whether no more work is to begin.
  bool over() const { return device_failed_ || stop_(); }

  void begin(std::size_t worker, const char* side);

  std::size_t workers_;
  std::function<bool()> stop_;
  RunProgress& progress_;
  std::vector<Job> jobs_;
  std::size_t in_order_ = kNone;                  ///< the job of work_in_order()
  std::vector<std::function<void()>> collected_;  ///< what makes a batch's result of its pieces
  std::vector<std::function<void(Results&)>> measures_;
  std::mutex mutex_;
  std::atomic<bool> device_failed_{false};
  std::string line_;                  ///< what the progress line says
  std::vector<const char*> at_work_;  ///< [workers] sides; null: none
};

}  // namespace settle
