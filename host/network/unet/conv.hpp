// The one weighted operation of the U-Net: a 3x3 convolution.
#pragma once

#include <Eigen/Core>

#include "network/unet/map.hpp"

namespace settle {

/// Taps of a 3x3 kernel, row by row: tap t looks at site (y + t / 3 - 1, x + t % 3 - 1).
inline constexpr int kTaps = 9;

/// A kernel: one row per output channel; column kTaps * input + tap. Convolution is, as everywhere in machine learning,
/// correlation: the kernel is not mirrored.
using Kernel = Map;

/// [inputs x side^2] -> [outputs x side^2]: output(o, s) = bias(o) + sum over input i and tap t of
/// kernel(o, kTaps i + t) * map(i, s + t); sites outside the grid count as 0. The same arguments give the same bits.
/// Throws Error unless `map` has side^2 columns, `kernel` kTaps columns for each of its rows, and `bias` one value for
/// each row of `kernel`.
Map convolve(const Map& map, int side, const Kernel& kernel, const Eigen::VectorXf& bias);

/// One map above the other: [a + b channels x sites]. Throws Error unless both have the same number of sites.
Map stack(const Map& above, const Map& below);

}  // namespace settle
