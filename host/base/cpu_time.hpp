// The time that benchmarks go by.
#pragma once

#include <ctime>

namespace settle {

/// CPU time of this process, seconds: other users of the machine disturb it least.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace settle
