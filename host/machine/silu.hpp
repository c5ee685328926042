// SiLU, the interface's only nonlinearity, with its derivative.
#pragma once

#include <cmath>

namespace settle {

/// u / (1 + exp(-u)); finite for every finite u.
inline double silu(double u) { return u / (1.0 + std::exp(-u)); }

/// Its derivative, s + u s (1 - s) with s = 1 / (1 + exp(-u)).
inline double silu_slope(double u) {
  const double s = 1.0 / (1.0 + std::exp(-u));
  return s + u * s * (1.0 - s);
}

}  // namespace settle
