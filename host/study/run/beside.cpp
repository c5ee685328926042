#include "study/run/beside.hpp"

#include <algorithm>
#include <string>

#include "base/parallel.hpp"

namespace settle {

Beside::Beside(std::size_t threads, std::function<bool()> stop, RunProgress& progress)
    : workers_(threads), stop_(std::move(stop)), progress_(progress), at_work_(workers_) {}

const BatchResult& complete(const Pending<BatchResult>& batch, Eigen::Index samples) {
  const BatchResult& result = batch.get();
  if (result.samples < samples) throw Interrupted("interrupted before it was measured");
  return result;
}

Pending<BatchResult> Beside::batch(const char* side, std::unique_ptr<Pieces> pieces) {
  const Pending<BatchResult> pending;
  const std::shared_ptr<Pieces> shared = std::move(pieces);
  const auto failed = std::make_shared<std::mutex>();
  for (std::size_t piece = 0; piece < shared->count(); ++piece) {
    const auto settle = [this, shared, piece, failed, state = pending.state_](std::size_t worker) {
      {
        const std::lock_guard<std::mutex> lock(*failed);
        if (state->failure) return;
      }
      try {
        shared->settle(piece, worker, stop_);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(*failed);
        if (!state->failure) state->failure = std::current_exception();
      }
    };
    jobs_.push_back({{side, settle}});
  }
  collected_.emplace_back([shared, state = pending.state_] {
    if (state->failure) return;
    try {
      state->value = shared->result();
    } catch (...) {
      state->failure = std::current_exception();
    }
  });
  return pending;
}

/// Tells the progress line what is at work: every side once.
void Beside::begin(std::size_t worker, const char* side) {
  const std::lock_guard<std::mutex> lock(mutex_);
  at_work_[worker] = side;
  std::string line;
  for (auto at = at_work_.begin(); at != at_work_.end(); ++at) {
    if (*at == nullptr || std::find(at_work_.begin(), at, *at) != at) continue;
    line += (line.empty() ? "" : " + ") + std::string(*at);
  }
  if (line.empty() || line == line_) return;
  line_ = line;
  progress_.at_work(line);
}

void Beside::run(Results& results) {
  progress_.begin(Phase::beside);
  const auto work = [&](std::size_t item, std::size_t worker) {
    for (const Part& part : jobs_[item]) {
      if (over()) return;
      begin(worker, part.side);
      part.work(worker);
    }
    begin(worker, nullptr);
  };
  parallel_for(jobs_.size(), std::min(workers_, jobs_.size()), work, [this] { return over(); });
  for (const auto& collect : collected_) collect();
  std::exception_ptr interrupted, failure;
  for (const auto& measure : measures_) {
    try {
      measure(results);
    } catch (const Interrupted&) {
      if (!interrupted) interrupted = std::current_exception();
    } catch (const DeviceError&) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  if (interrupted) std::rethrow_exception(interrupted);
}

}  // namespace settle
