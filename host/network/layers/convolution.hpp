// The weighted operations of a network: a convolution, and the transposed one that doubles a grid.
#pragma once

#include <Eigen/Core>

#include "network/layers/map.hpp"

namespace settle {

/// A kernel: one row per output channel; column taps * input + tap. Convolution is, as everywhere in machine learning,
/// correlation: the kernel is not mirrored.
using Kernel = Map;

/// What a kernel looks at: tap t of `taps()`, row by row, sees site (stride y - top + t / width, stride x - left + t %
/// width) of the grid; sites outside count as 0. The default is the 3 x 3 kernel that keeps the grid.
struct KernelWindow {
  int height = 3, width = 3, stride = 1;
  int top = 1, left = 1, bottom = 1, right = 1;  ///< rows and columns of zeros around the grid

  constexpr int taps() const { return height * width; }
  /// The grid of what it makes of `grid`; sides of 0 or less if it does not fit in.
  constexpr Grid result(const Grid& grid) const {
    return {(grid.height + top + bottom - height + stride) / stride,
            (grid.width + left + right - width + stride) / stride};
  }
};

/// Taps of the 3 x 3 kernel.
inline constexpr int kTaps = 9;

/// [inputs x sites of grid] -> [outputs x sites of window.result(grid)]: output(o, s) = bias(o) + sum over input i and
/// tap t of kernel(o, taps i + t) * map(i, what t sees from s). The same arguments give the same bits. Throws Error
/// unless `map` has the grid's sites, `kernel` `taps` columns for each of its rows, and `bias` one value for each row
/// of `kernel`.
Map convolve(const Map& map, const Grid& grid, const Kernel& kernel, const Eigen::VectorXf& bias,
             const KernelWindow& window = {});

/// [inputs x sites of grid] -> [outputs x sites of a grid twice as high and wide]: output(o, 2 y + a, 2 x + b) =
/// bias(o) + sum over input i of kernels(4 o + 2 a + b, i) * map(i, y, x). `kernels` [4 outputs x inputs]. Throws Error
/// as convolve.
Map transposed_convolve(const Map& map, const Grid& grid, const Map& kernels, const Eigen::VectorXf& bias);

}  // namespace settle
