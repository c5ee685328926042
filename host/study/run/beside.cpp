#include "study/run/beside.hpp"

#include <algorithm>
#include <string>

#include "base/parallel.hpp"

namespace settle {

Beside::Beside(const Study& study)
    : study_(study), workers_(study.options.threads == 0 ? core_count() : study.options.threads), at_work_(workers_) {}

Pending<BatchResult> Beside::batch(const char* side, Eigen::Index samples, std::unique_ptr<Pieces> pieces) {
  const Pending<BatchResult> pending;
  const std::shared_ptr<Pieces> shared = std::move(pieces);
  const auto failed = std::make_shared<std::mutex>();
  for (std::size_t piece = 0; piece < shared->count(); ++piece) {
    const auto settle = [this, shared, piece, failed, state = pending.state_](std::size_t worker) {
      try {
        shared->settle(piece, worker, study_.stop);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(*failed);
        if (!state->failure) state->failure = std::current_exception();
      }
    };
    jobs_.push_back({{side, settle}});
  }
  collected_.emplace_back([shared, samples, state = pending.state_] {
    if (state->failure) return;
    BatchResult result = shared->result();
    if (result.samples == samples) state->value = std::move(result);
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
  if (!line.empty()) study_.progress.at_work(line);
}

void Beside::run(Results& results) {
  study_.progress.begin(Phase::beside);
  const auto work = [&](std::size_t item, std::size_t worker) {
    for (const Part& part : jobs_[item]) {
      if (study_.stop()) return;
      begin(worker, part.side);
      part.work(worker);
    }
    begin(worker, nullptr);
  };
  parallel_for(jobs_.size(), std::min(workers_, jobs_.size()), work, study_.stop);
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
  if (interrupted) std::rethrow_exception(interrupted);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace settle
