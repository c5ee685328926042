// What the terminal behind standard error can do.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <unistd.h>

namespace settle {

/// True if standard error is a terminal on which a line can be written over: what shows progress is for it alone.
inline bool can_redraw() {
  const char* const kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

/// Writes `line` over the line of standard error that the cursor is in. Work goes on where this cannot be written, as
/// after the terminal was closed: nothing is thrown.
inline void redraw_line(const std::string& line) noexcept {
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
}

/// Takes that line away, so that something else can be printed. As redraw_line, nothing is thrown.
inline void clear_line() noexcept { redraw_line({}); }

}  // namespace settle
