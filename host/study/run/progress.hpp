// One line of progress, on a terminal only.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

namespace settle {

class Progress {
 public:
  explicit Progress(const char* what) : what_(what), terminal_(can_redraw()) {}
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(long long done, long long all) {
    if (!terminal_) return;
    fmt::print(stderr, "\r{} {}/{}\033[K", what_, done, all);
    std::fflush(stderr);
    shown_ = true;
  }

  /// Whether standard error is a terminal that knows the control sequences used here.
  static bool can_redraw() {
    const char* const kind = std::getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
  }

 private:
  const char* what_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace settle
