// How far a sweep is: its table on standard output, line by line, sweep.csv, and on a terminal how long it will take.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "study/sweep/plan.hpp"
#include "study/sweep/results.hpp"

namespace settle {

/// For one thread at a time. `plan` must outlive it.
class SweepProgress {
 public:
  /// `asked`: whether this program is to get the point, or another. csv: sweep.csv; empty: none is written.
  SweepProgress(const std::vector<PlanPoint>& plan, std::vector<PointResult> results, std::vector<bool> asked,
                std::filesystem::path csv);

  /// Point `p` is there: it was kept, it was run, or it could not be. Lines are printed in the plan's order.
  void add(std::size_t p, const PointResult& result, bool was_kept);

  /// Shows what it waits for, as often as it is called.
  void tick();

  /// The last word: files, counts; how many points failed, and how many are missing.
  void finish();
  std::size_t asked() const;                      ///< points that this program is to get
  std::size_t failed() const { return failed_; }  ///< of these, those that could not be run
  std::size_t missing() const;                    ///< of these, those that are not there

 private:
  void print_ready();
  void write_csv() const;

  const std::vector<PlanPoint>& plan_;
  std::vector<PointResult> results_;
  std::vector<bool> asked_, there_;
  std::filesystem::path csv_;
  std::size_t next_ = 0;  ///< the first whose line is not printed
  std::size_t kept_ = 0, failed_ = 0, made_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now(), shown_ = begin_;
  bool redraws_;
};

}  // namespace settle
