// The body of `settle sweep`: many runs after one plan, each kept where a later sweep finds it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "study/run/run_command.hpp"

namespace settle {

struct SweepOptions {
  std::filesystem::path plan;
  std::filesystem::path out;
  RunOptions run;  ///< what a point does not say: paths, seed, commit
  /// Completes a run by what ships for its preset: the machine, unless the run has one of its own, and the targets.
  /// Throws Error, which begins with `what`, for an unknown preset.
  std::function<void(RunOptions& run, const std::string& what)> take_preset;
  /// Throws Error, which begins with `what`, for a device that there is not.
  std::function<void(const std::string& device, const std::string& what)> check_device;
};

/// Runs what is missing of the plan's points, one after the other, each into OUT/points/NAME, where NAME follows from
/// the point's settings and the machine's and network's files; prints a line per point and writes OUT/sweep.csv after
/// each. A point that this very program (program_hash, in the file `program` beside its report) has already run to its
/// end is kept. A point that cannot be run
/// becomes a line that says why. Returns 0, 1 if a point could not be run, or 130 if `stop` ended it: only the point in
/// flight is lost. Throws Error for a bad plan, before anything is run, and at once if another program works in OUT.
int sweep_command(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop);

}  // namespace settle
