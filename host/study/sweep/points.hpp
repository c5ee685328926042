// The points of a sweep, each in a folder of its own, where a later sweep finds it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "study/sweep/plan.hpp"
#include "study/sweep/results.hpp"
#include "study/sweep/sweep_command.hpp"

namespace settle {

class SweepPoints {
 public:
  /// Reads the plan. Point p has the folder OUT/points/NAME; NAME follows from its settings and the machine's and
  /// network's files. All arguments must outlive it. Throws Error for a bad plan, and
  /// Interrupted when `stop` says yes.
  SweepPoints(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop);

  std::size_t size() const { return points_.size(); }
  const std::vector<PlanPoint>& plan() const { return points_; }
  const std::string& engine(std::size_t p) const { return runs_[p].engine; }

  /// The folder's name alone: nothing is known of the point.
  PointResult unknown(std::size_t p) const;

  /// The report, if this very program has run the point to its end and nothing was changed since; or, `failures` true,
  /// why this program could not run it. Otherwise as unknown().
  PointResult kept(std::size_t p, bool failures) const;

  /// Runs it on `threads` threads at most. As unknown() if it was interrupted. What becomes of it stands in its folder,
  /// where kept() finds it. Several threads and programs may run different points.
  PointResult run(std::size_t p, std::size_t threads) const;

 private:
  void add(const PlanPoint& point);
  const std::string& hash_of(const std::filesystem::path& file);
  std::string made(std::size_t p) const;
  std::filesystem::path maker(std::size_t p) const;
  std::filesystem::path refusal(std::size_t p) const;

  const SweepOptions& options_;
  const MakeDevice& make_device_;
  const std::function<bool()>& stop_;
  std::string origin_, program_;
  std::vector<PlanPoint> points_;
  std::vector<RunOptions> runs_;
  std::vector<std::string> folders_;
  std::map<std::filesystem::path, std::string> hashes_;  ///< of files that many points read
};

}  // namespace settle
