// Shows that a tool which says nothing for minutes is at work: on a terminal a line with the seconds so far and, once
// it has run before, how long it took last time.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace settle {

/// "33 s", "4 min 10 s".
std::string duration_text(double seconds);

/// Counts from its construction to its end. What it prints is on standard error, and gone afterwards.
class ToolClock {
 public:
  /// `what` names the tool. `memory`: the file that holds how long it took last time; it need not be there, and what is
  /// no duration in it counts as not there.
  ToolClock(std::string what, std::filesystem::path memory);
  ~ToolClock();
  ToolClock(const ToolClock&) = delete;
  ToolClock& operator=(const ToolClock&) = delete;

  /// Another name from now on, as in "nextpnr, 2 of 5 seeds".
  void rename(const std::string& what) { what_ = what; }

  /// Since it was made, by the clock on the wall.
  double seconds() const;
  /// Seconds of the last time that keep() was called for.
  std::optional<double> last() const { return last_; }
  /// "33 s last time", or `otherwise`.
  std::string last_text(const std::string& otherwise) const;

  /// `stop` itself; asking it also redraws the line, at most once per second.
  std::function<bool()> watched(const std::function<bool()>& stop);
  /// Keeps `seconds` for the next time. That this cannot be written is no error.
  void keep(double seconds) const;

 private:
  void show();

  std::string what_;
  std::filesystem::path memory_;
  std::optional<double> last_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  bool terminal_;
  long shown_ = -1;  ///< the second that the line says; -1: there is no line
};

}  // namespace settle
