// The array's own noise for its double in float64.
#pragma once

#include "array/float64/float64_array.hpp"
#include "array/model/noise.hpp"

namespace settle {

/// Samples of cells 0 .. cells - 1 with seed `seed`, cipher rounds as in a configuration's noise_rounds, all 12
/// fraction bits: what shorter ones cost is part of what float64 is compared for.
Gaussian array_noise(std::uint64_t seed, int rounds, Eigen::Index cells);

}  // namespace settle
