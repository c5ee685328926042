// How far a run has come: one line on a terminal with the phase, its samples, and about how long the whole run will
// still take.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace settle {

/// The phases of a run, in their order.
enum class Phase { unet, settling, images, beside };
inline constexpr std::size_t kPhases = 4;

/// The phase's name on the line.
const char* phase_name(Phase phase);

/// "13 s", "4 min", "1.5 h".
std::string rough_duration(double seconds);

/// Seconds that each phase takes, in the order of Phase; 0: it does not come.
using PhaseSeconds = std::array<double, kPhases>;

/// All functions may be called from several threads at once.
class RunProgress {
 public:
  /// `shown`: on standard error if that is a terminal. Otherwise only the time is kept.
  explicit RunProgress(bool shown);
  ~RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  /// What each phase will take, as far as one can tell beforehand.
  void expect(const PhaseSeconds& seconds);

  /// The phase before is over.
  void begin(Phase phase);

  /// What is at work in a phase of several things; the line shows that instead of the phase's name.
  void at_work(const std::string& what);

  /// Of the current phase's samples.
  void done(long long samples, long long all);

  /// Called now and then while work is going on: the line is renewed a few times per second.
  void tick();

  /// Takes the line away, so that something else can be printed.
  void clear();

  /// Seconds that the run will still take, by what was expected and by how that has held so far.
  double remaining() const;

 private:
  using Clock = std::chrono::steady_clock;

  double seconds_since(Clock::time_point since) const;
  double left() const;
  void show();

  mutable std::mutex mutex_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point drawn_, phase_began_;
  bool begun_ = false;
  Phase phase_ = Phase::unet;
  std::string at_work_;
  long long samples_ = 0, all_ = 0;
  PhaseSeconds expected_{};
  double expected_before_ = 0, taken_before_ = 0;  // of the phases that are over
};

}  // namespace settle
