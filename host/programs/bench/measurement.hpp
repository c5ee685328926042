// Repeated timings of one thing, and the median of them.
#pragma once

#include <string>
#include <vector>

namespace settle {

/// CPU time of this process: other users of the machine disturb it least.
double cpu_seconds();

struct Measurement {
  std::string engine;
  std::string unit;
  std::vector<double> samples;

  double median() const;
};

}  // namespace settle
