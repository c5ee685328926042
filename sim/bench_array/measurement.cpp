#include "sim/bench_array/measurement.hpp"

#include "base/error.hpp"
#include "base/median.hpp"

namespace settle {

double Measurement::median() const {
  if (samples.empty()) throw error("{}: nothing was measured", engine);
  return middle_of(samples);
}

}  // namespace settle
