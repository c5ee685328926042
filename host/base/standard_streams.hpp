// What a program's first three files are when its caller has closed them.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace settle {

/// Fills gaps among them with files that can be neither read as input nor written as output, so that a file, socket or
/// serial port that is opened later is not taken for one of them. To be called first of all.
inline void keep_standard_streams() {
  for (int file = STDIN_FILENO; file <= STDERR_FILENO; ++file) {
    if (fcntl(file, F_GETFD) >= 0) continue;
    // Gaps are filled from below: the system gives the lowest number that is free.
    if (::open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY) != file) return;
  }
}

}  // namespace settle
