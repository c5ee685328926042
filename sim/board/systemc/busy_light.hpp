// The board's LED on a terminal.
#pragma once

#include <chrono>
#include <cstdio>

#include <unistd.h>

namespace settle {

/// Shown on stderr if that is a terminal, nowhere otherwise.
class BusyLight {
 public:
  BusyLight() : terminal_(isatty(STDERR_FILENO) == 1) {}
  ~BusyLight() {
    if (drawn_) std::fputs("\r\033[K", stderr);
  }
  BusyLight(const BusyLight&) = delete;
  BusyLight& operator=(const BusyLight&) = delete;

  /// Draws changes, ten per second at most; with `now`, at once.
  void show(bool busy, bool now = false) {
    if (!terminal_ || (drawn_ && busy == shown_)) return;
    const auto time = std::chrono::steady_clock::now();
    if (drawn_ && !now && time - last_ < std::chrono::milliseconds(100)) return;
    std::fputs(busy ? "\r(*) busy" : "\r( ) idle", stderr);
    std::fflush(stderr);
    last_ = time;
    shown_ = busy;
    drawn_ = true;
  }

 private:
  bool terminal_;
  bool drawn_ = false, shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace settle
