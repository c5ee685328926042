// The body of `settle sweep`: many runs after one plan, each kept where a later sweep finds it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "study/run/run_command.hpp"

namespace settle {

inline constexpr std::size_t kMostJobs = 1024;

/// Every count-th point of a plan, beginning with number index, 1 to count. Of 1: all.
struct Shard {
  std::size_t index = 1, count = 1;
};

struct SweepOptions {
  std::filesystem::path plan;
  std::filesystem::path out;
  RunOptions run;        ///< what a point does not say: paths, seed, commit
  std::size_t jobs = 0;  ///< points at a time, which share the cores; 0: one per core, or one if any is on a board
  Shard shard;
  bool collect = false;  ///< run nothing: the table of what is there
  /// Completes a run by what ships for its preset: the machine, unless the run has one of its own, and the targets.
  /// Throws Error, which begins with `what`, for an unknown preset.
  std::function<void(RunOptions& run, const std::string& what)> take_preset;
  /// Throws Error, which begins with `what`, for a device that there is not.
  std::function<void(const std::string& device, const std::string& what)> check_device;
};

/// "2/5": the shard. Throws Error, which begins with --shard, for anything else.
Shard parse_shard(const std::string& text);

/// Runs what is missing of the plan's points, several at a time, each into OUT/points/NAME, where NAME follows from the
/// point's settings and the machine's and network's files; prints a line per point in the plan's order and writes
/// OUT/sweep.csv after each, the same bytes however many work at it. A point that this very program (program_hash, in
/// the file `program` beside its report) has already run to its end is kept. A point that cannot be run becomes a line
/// that says why.
///
/// A shard runs its own points alone and writes no table; `collect` writes it. Started by mpirun, the first process
/// hands out points to the others and is the one that prints and writes.
///
/// Returns 0, 1 if a point could not be run or (collect) is not there, or 130 if `stop` ended it: only points in flight
/// are lost. Throws Error for a bad plan, before anything is run, and at once if another program works in OUT: shards
/// of one sweep share it.
int sweep_command(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop);

}  // namespace settle
