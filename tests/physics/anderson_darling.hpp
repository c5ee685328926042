// Probability of an Anderson-Darling statistic above `square` for a fully specified continuous law, n large (Marsaglia
// and Marsaglia, J. Stat. Software 9(2), 2004: the approximation adinf, good to 2e-6).
#pragma once

#include <cmath>

namespace settle::physics {

inline double anderson_darling_p(double square) {
  const double z = square;
  if (!(z > 0)) return 1;
  if (z < 2) {
    const double series =
        2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z) * z;
    return 1 - std::exp(-1.2337141 / z) / std::sqrt(z) * series;
  }
  const double series = 1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z;
  return -std::expm1(-std::exp(series));
}

}  // namespace settle::physics
