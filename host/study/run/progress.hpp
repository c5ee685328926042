// One line of progress, on a terminal only.
#pragma once

#include <fmt/format.h>

#include "base/terminal.hpp"

namespace settle {

class Progress {
 public:
  /// `what` names the work and outlives this object.
  explicit Progress(const char* what) : what_(what), terminal_(can_redraw()) {}
  ~Progress() {
    if (shown_) clear_line();
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(long long done, long long all) {
    if (!terminal_) return;
    redraw_line(fmt::format("{} {}/{}", what_, done, all));
    shown_ = true;
  }

 private:
  const char* what_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace settle
