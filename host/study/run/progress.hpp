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
  /// `wanted`: false shows nothing anywhere.
  explicit Progress(const char* what, bool wanted = true) : what_(what), terminal_(wanted && can_redraw()) {}
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

 private:
  /// A terminal that knows the control sequences below.
  static bool can_redraw() {
    const char* const kind = std::getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
  }

  const char* what_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace settle
