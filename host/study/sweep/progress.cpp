#include "study/sweep/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/terminal.hpp"

namespace settle {

SweepProgress::SweepProgress(const std::vector<PlanPoint>& plan, std::vector<PointResult> results,
                             std::vector<bool> asked, std::filesystem::path csv)
    : plan_(plan),
      results_(std::move(results)),
      asked_(std::move(asked)),
      there_(plan.size()),
      csv_(std::move(csv)),
      redraws_(can_redraw()) {
  fmt::print("{}", results_heading(plan_));
}

void SweepProgress::add(std::size_t p, const PointResult& result, bool was_kept) {
  results_[p] = result;
  there_[p] = true;
  kept_ += was_kept ? 1 : 0;
  made_ += was_kept ? 0 : 1;
  failed_ += result.failure.empty() ? 0 : 1;
  print_ready();
  if (!was_kept) write_csv();  // of ten thousand that were there one table is enough, at the end
}

void SweepProgress::print_ready() {
  if (redraws_) clear_line();
  for (; next_ < plan_.size() && (there_[next_] || !asked_[next_]); ++next_) {
    if (asked_[next_]) fmt::print("{}", results_line(plan_, results_, next_));
  }
  std::fflush(stdout);
}

std::size_t SweepProgress::asked() const {
  return static_cast<std::size_t>(std::count(asked_.begin(), asked_.end(), true));
}

std::size_t SweepProgress::missing() const {
  std::size_t count = 0;
  for (std::size_t p = 0; p < plan_.size(); ++p) count += asked_[p] && !there_[p] ? 1 : 0;
  return count;
}

void SweepProgress::tick() {
  const auto now = std::chrono::steady_clock::now();
  if (!redraws_ || now - shown_ < std::chrono::milliseconds(500)) return;
  shown_ = now;
  const std::size_t left = missing();
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const std::string time =
      made_ == 0 ? std::string("the first ones are at work")
                 : fmt::format("about {:.0f} s left", seconds / static_cast<double>(made_) * static_cast<double>(left));
  redraw_line(fmt::format("{} of {} runs are missing, {}", left, asked(), time));
}

void SweepProgress::finish() {
  if (redraws_) clear_line();
  for (; next_ < plan_.size(); ++next_) {
    if (there_[next_]) fmt::print("{}", results_line(plan_, results_, next_));
  }
  if (kept_ > 0) {
    fmt::print("{} of {} runs were there already\n", kept_, asked());
  }
  write_csv();
  if (!csv_.empty()) fmt::print("wrote {}\n", csv_.string());
}

void SweepProgress::write_csv() const {
  if (!csv_.empty()) write_atomically(csv_, results_csv(plan_, results_));
}

}  // namespace settle
