#include "study/sweep/sweep_command.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/parallel.hpp"
#include "base/program.hpp"
#include "base/shared_use.hpp"
#include "study/run/engines.hpp"
#include "study/sweep/points.hpp"
#include "study/sweep/progress.hpp"
#include "study/sweep/ranks.hpp"

namespace settle {

namespace {

/// The folder, for as long as the sweep works in it.
class Folder {
 public:
  explicit Folder(const SweepOptions& options) {
    if (options.out.empty()) throw usage_error("--out: \"\": the name of a folder is needed");
    check_writable(options.out / "sweep.csv", "--out");
    check_distinct({{"--out", options.out / "sweep.csv"}}, {{"plan", options.plan}});
    std::error_code none;
    if (options.collect && !std::filesystem::is_directory(options.out / "points", none)) {
      throw error("--collect: {}: no point of a sweep is there", options.out.string());
    }
    const bool part = options.shard.count > 1;
    const std::filesystem::path own =
        part ? options.out / "shards" / fmt::format("{}-of-{}", options.shard.index, options.shard.count) : options.out;
    lock_.emplace(own, "settle sweep");
    if (options.collect) return;  // also while parts are at work
    use_.emplace(options.out, part ? SharedUse::Kind::shared : SharedUse::Kind::alone);
  }

 private:
  std::optional<FolderLock> lock_;
  std::optional<SharedUse> use_;
};

/// What this program is to run, and what was there.
struct Work {
  std::vector<bool> asked;
  std::vector<std::size_t> missing;
};

SweepProgress begin(const SweepOptions& options, const SweepPoints& points, Work& work) {
  std::vector<PointResult> results;
  for (std::size_t p = 0; p < points.size(); ++p) {
    results.push_back(points.unknown(p));
    work.asked.push_back(p % options.shard.count == options.shard.index - 1);
  }
  const auto count = std::count(work.asked.begin(), work.asked.end(), true);
  fmt::print("{}: {} runs{}\n", options.plan.string(), points.size(),
             options.shard.count > 1 ? fmt::format(", {} of them here", count) : "");
  const std::filesystem::path csv = options.shard.count > 1 ? std::filesystem::path() : options.out / "sweep.csv";
  SweepProgress progress(points.plan(), std::move(results), work.asked, csv);
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (!work.asked[p]) continue;
    const PointResult kept = points.kept(p, options.collect);
    if (kept.report.is_null() && kept.failure.empty()) {
      work.missing.push_back(p);
    } else {
      progress.add(p, kept, true);
    }
  }
  return progress;
}

bool uses_boards(const SweepPoints& points) {
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (!is_engine(points.engine(p))) return true;
  }
  return false;
}

bool came(const PointResult& result) { return !result.report.is_null() || !result.failure.empty(); }

void run_here(const SweepOptions& options, const SweepPoints& points, const Work& work, SweepProgress& progress,
              std::mutex& mutex, const std::function<bool()>& stop) {
  // A board is for one host at a time.
  const std::size_t jobs = uses_boards(points) ? 1 : worker_count(work.missing.size(), options.jobs);
  const std::size_t threads = std::max<std::size_t>(1, core_count() / jobs);
  const auto run = [&](std::size_t item, std::size_t) {
    const std::size_t p = work.missing[item];
    const PointResult result = points.run(p, threads);
    const std::lock_guard<std::mutex> lock(mutex);
    if (came(result)) progress.add(p, result, false);
  };
  parallel_for(work.missing.size(), jobs, run, stop);
}

void hand_out(Ranks& ranks, const SweepPoints& points, const Work& work, SweepProgress& progress,
              const std::function<bool()>& stop) {
  std::size_t next = 0;
  ranks.hand_out([&] { return stop() || next == work.missing.size() ? Ranks::none : work.missing[next++]; },
                 [&](std::size_t p) {
                   const PointResult result = points.kept(p, true);
                   if (came(result)) progress.add(p, result, false);
                 },
                 [&] { progress.tick(); });
}

int ending(const SweepOptions& options, SweepProgress& progress, bool stopped) {
  progress.finish();
  const std::size_t missing = progress.missing(), failed = progress.failed();
  if (stopped && missing > 0) {
    tell("settle", "interrupted: the same command runs what is missing");
    return kExitInterrupted;
  }
  if (failed > 0) {
    const std::string where =
        options.shard.count > 1 ? "above" : (options.out / "sweep.csv").string();  // a shard writes no table
    tell("settle", fmt::format("{} of {} runs failed, see {}", failed, progress.asked(), where));
  }
  if (missing > 0)
    tell("settle", fmt::format("{} runs are missing: settle sweep without --collect runs them", missing));
  return failed + missing > 0 ? kExitFailed : kExitOk;
}

/// What the first of several processes, or the only one, does.
class Sweep {
 public:
  Sweep(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop)
      : options_(options), stop_(stop), folder_(options), points_(options, make_device, watched_) {}

  bool on_boards() const { return uses_boards(points_); }

  int here() {
    Work work;
    SweepProgress progress = begin(options_, points_, work);
    shown_ = &progress;
    if (!options_.collect) run_here(options_, points_, work, progress, mutex_, watched_);
    shown_ = nullptr;
    return ending(options_, progress, stop_());
  }

  int with(Ranks& ranks) {
    Work work;
    SweepProgress progress = begin(options_, points_, work);
    hand_out(ranks, points_, work, progress, stop_);
    return ending(options_, progress, stop_());
  }

 private:
  const SweepOptions& options_;
  const std::function<bool()>& stop_;
  std::mutex mutex_;  // of the progress
  SweepProgress* shown_ = nullptr;
  /// Asked many times a second while points are at work.
  const std::function<bool()> watched_ = [this] {
    const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    if (lock.owns_lock() && shown_ != nullptr) shown_->tick();
    return stop_();
  };
  Folder folder_;
  SweepPoints points_;
};

int first_of(Ranks& ranks, const SweepOptions& options, const MakeDevice& make_device,
             const std::function<bool()>& stop) {
  std::optional<Sweep> sweep;
  try {
    if (options.shard.count > 1 || options.collect) {
      throw usage_error("--shard, --collect: the processes of mpirun run all points");
    }
    sweep.emplace(options, make_device, stop);
    if (sweep->on_boards()) throw error("a point is on a board, which is for one host: not under mpirun");
  } catch (...) {
    ranks.first_is_ready(false);
    throw;
  }
  ranks.first_is_ready(true);
  return sweep->with(ranks);
}

int worker_of(Ranks& ranks, const SweepOptions& options, const MakeDevice& make_device,
              const std::function<bool()>& stop) {
  if (!ranks.first_is_ready(false)) return kExitOk;  // mpirun ends all others as soon as one fails: it explains why
  const SweepPoints points(options, make_device, stop);
  const std::size_t threads = std::max<std::size_t>(1, core_count() / ranks.workers_here());
  ranks.work([&](std::size_t p) { points.run(p, threads); });
  return kExitOk;
}

}  // namespace

Shard parse_shard(const std::string& text) {
  Shard shard;
  const char* const last = text.data() + text.size();
  const auto [slash, code] = std::from_chars(text.data(), last, shard.index);
  bool good = code == std::errc() && slash != last && *slash == '/';
  if (good) {
    const auto [end, second] = std::from_chars(slash + 1, last, shard.count);
    good = second == std::errc() && end == last && shard.index >= 1 && shard.index <= shard.count &&
           shard.count <= kMostPoints;
  }
  if (!good) {
    throw error("--shard: \"{}\": I/N is needed, as in 2/5, with I from 1 to N and N up to {}", one_line(text),
                kMostPoints);
  }
  return shard;
}

int sweep_command(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop) {
  const std::unique_ptr<Ranks> ranks = Ranks::of_this_run();
  if (!ranks) return Sweep(options, make_device, stop).here();
  return ranks->is_first() ? first_of(*ranks, options, make_device, stop)
                           : worker_of(*ranks, options, make_device, stop);
}

}  // namespace settle
