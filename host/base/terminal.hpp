// What the terminal behind standard error can do.
#pragma once

#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace settle {

/// True if standard error is a terminal on which a line can be written over: what shows progress is for it alone.
inline bool can_redraw() {
  const char* const kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace settle
