// The work beside the settling itself: comparisons, float64, single paths. Measures say what they need of it; all cores
// share that, whatever belongs to which measure; then the measures take what they asked for.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "study/run/pieces.hpp"
#include "study/run/results.hpp"
#include "study/run/study.hpp"

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

class Beside {
 public:
  explicit Beside(const Study& study);

  /// The threads that will work; `worker` below is 0 to one less.
  std::size_t workers() const { return workers_; }

  /// Work on one thread. `side`: what the progress line calls it. It should ask study.stop now and then, and throw
  /// Interrupted if that says yes.
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

  /// A batch, on as many threads as are free. Its first failure is the one that is kept.
  Pending<BatchResult> batch(const char* side, Eigen::Index samples, std::unique_ptr<Pieces> pieces);

  /// What is done with it, on one thread, when all work is over; in the order in which it is said here.
  void then(std::function<void(Results&)> measure) { measures_.push_back(std::move(measure)); }

  /// Does all the work, in the order in which it was asked for, until it is done or the run is to end; then lets every
  /// measure take its part, also if the work of others was not done. Throws Interrupted if one could not, or else the
  /// first failure of a device.
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
  static std::function<void(std::size_t)> keep(std::function<T(std::size_t)> job, const Pending<T>& pending) {
    return [job = std::move(job), state = pending.state_](std::size_t worker) {
      try {
        state->value = job(worker);
      } catch (...) {
        state->failure = std::current_exception();
      }
    };
  }

  void begin(std::size_t worker, const char* side);

  const Study& study_;
  std::size_t workers_;
  std::vector<Job> jobs_;
  std::size_t in_order_ = kNone;                  ///< the job of work_in_order()
  std::vector<std::function<void()>> collected_;  ///< what makes a batch's result of its pieces
  std::vector<std::function<void(Results&)>> measures_;
  std::mutex mutex_;
  std::vector<const char*> at_work_;  ///< [workers] sides; null: none
};

}  // namespace settle
