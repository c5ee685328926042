// What a program's first three files are, whatever its caller has made of them.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace settle {

/// Fills gaps among them with files that can be neither read as input nor written as output, so that a file, socket or
/// serial port that is opened later is not taken for one of them. Makes output blocking again where another program
/// has left it non-blocking: a part of it would be lost. Call this first.
inline void keep_standard_streams() {
  for (int file = STDIN_FILENO; file <= STDERR_FILENO; ++file) {
    if (fcntl(file, F_GETFD) >= 0) continue;
    // Gaps are filled from below: the system gives the lowest number that is free.
    if (::open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY) != file) break;
  }
  for (const int file : {STDOUT_FILENO, STDERR_FILENO}) {
    const int flags = fcntl(file, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK) != 0) fcntl(file, F_SETFL, flags & ~O_NONBLOCK);
  }
}

}  // namespace settle
