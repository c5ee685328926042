#include "study/run/run_progress.hpp"

#include "base/terminal.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace settle {

namespace {

constexpr double kRedrawSeconds = 0.2;
// How far what was expected may be corrected by what the phases so far took: they are not all of one kind.
constexpr double kLeastCorrection = 0.5, kMostCorrection = 2;

}  // namespace

std::string rough_duration(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", std::max(1.0, seconds));
  if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

const char* phase_name(Phase phase) {
  static constexpr std::array<const char*, kPhases> kNames = {"U-Net", "settling", "images", "measures"};
  return kNames[static_cast<std::size_t>(phase)];
}

RunProgress::RunProgress(bool shown) : terminal_(shown && can_redraw()), drawn_(Clock::now()), phase_began_(drawn_) {}

RunProgress::~RunProgress() { clear(); }

void RunProgress::expect(const PhaseSeconds& seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  expected_ = seconds;
}

void RunProgress::begin(Phase phase) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (begun_) {
    expected_before_ += expected_[static_cast<std::size_t>(phase_)];
    taken_before_ += seconds_since(phase_began_);
  }
  begun_ = true;
  phase_ = phase;
  phase_began_ = Clock::now();
  samples_ = all_ = 0;
  at_work_.clear();
  show();
}

void RunProgress::at_work(const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  at_work_ = what;
  show();
}

void RunProgress::done(long long samples, long long all) {
  const std::lock_guard<std::mutex> lock(mutex_);
  samples_ = samples;
  all_ = all;
  show();
}

void RunProgress::tick() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (begun_ && terminal_ && seconds_since(drawn_) > kRedrawSeconds) show();
}

void RunProgress::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (shown_) clear_line();
  shown_ = false;
}

double RunProgress::remaining() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return left();
}

double RunProgress::seconds_since(Clock::time_point since) const {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

double RunProgress::left() const {
  double later = 0;
  for (std::size_t p = static_cast<std::size_t>(phase_) + 1; p < kPhases; ++p) later += expected_[p];
  const double expected = expected_[static_cast<std::size_t>(phase_)], taken = seconds_since(phase_began_);
  // Samples tell how far the phase is, and so how what is expected holds; without them its own expectation does.
  double share = expected > 0 ? std::min(0.95, taken / expected) : 0;
  if (all_ > 0) share = static_cast<double>(samples_) / static_cast<double>(all_);
  const double expected_done = expected_before_ + share * expected;
  double correction = 1;
  if (expected_done > 0) {
    correction = std::clamp((taken_before_ + taken) / expected_done, kLeastCorrection, kMostCorrection);
  }
  return correction * (later + (1 - share) * expected);
}

void RunProgress::show() {
  if (!terminal_) return;
  std::string line = at_work_.empty() ? phase_name(phase_) : at_work_;
  if (all_ > 0) line += fmt::format(" {}/{}", samples_, all_);
  const double seconds = left();
  if (seconds > 0) line += fmt::format(", about {} left", rough_duration(seconds));
  redraw_line(line);
  shown_ = true;
  drawn_ = Clock::now();
}

}  // namespace settle
