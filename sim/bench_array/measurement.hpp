// Repeated timings of one thing, and the median of them.
#pragma once

#include <string>
#include <vector>

namespace settle {

struct Measurement {
  std::string engine;
  std::string unit;
  std::vector<double> samples;

  double median() const;
};

}  // namespace settle
