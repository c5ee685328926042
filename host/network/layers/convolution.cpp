#include "network/layers/convolution.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "network/layers/product.hpp"

namespace settle {
namespace {

void check_grid(const Map& map, const Grid& grid) {
  if (map.cols() != grid.sites()) {
    throw error("convolve: the map has {} sites, {} x {} are needed", map.cols(), grid.height, grid.width);
  }
}

void check_bias(const Eigen::VectorXf& bias, Eigen::Index outputs) {
  if (bias.size() != outputs) throw error("convolve: {} biases for {} output channels", bias.size(), outputs);
}

/// The sites along one side, of `count`, from which a tap sees a site of the other, of `seen`.
struct Seen {
  int first, end;
};

Seen seen_by(int tap, int before, int stride, int seen, int count) {
  const int offset = tap - before;  // site s sees stride s + offset
  const int first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const int last = (seen - 1 - offset) / stride;
  return {first, seen - 1 - offset < 0 ? 0 : std::min(count, last + 1)};
}

// One row for each (input, tap): the input's grid, shifted so that column s holds what tap t sees from site s. The
// convolution is then one matrix product.
Map shifted_copies(const Map& map, const Grid& grid, const KernelWindow& window, const Grid& result) {
  Map copies = Map::Zero(map.rows() * window.taps(), result.sites());
  for (Eigen::Index input = 0; input < map.rows(); ++input) {
    const float* const source = map.row(input).data();
    for (int tap = 0; tap < window.taps(); ++tap) {
      const int row = tap / window.width, column = tap % window.width;
      float* const target = copies.row(input * window.taps() + tap).data();
      const Seen ys = seen_by(row, window.top, window.stride, grid.height, result.height);
      const Seen xs = seen_by(column, window.left, window.stride, grid.width, result.width);
      for (int y = ys.first; y < ys.end; ++y) {
        const float* const from = source + (window.stride * y + row - window.top) * grid.width + column - window.left;
        float* const to = target + y * result.width;
        for (int x = xs.first; x < xs.end; ++x) to[x] = from[window.stride * x];
      }
    }
  }
  return copies;
}

}  // namespace

Map convolve(const Map& map, const Grid& grid, const Kernel& kernel, const Eigen::VectorXf& bias,
             const KernelWindow& window) {
  check_grid(map, grid);
  if (kernel.cols() != map.rows() * window.taps()) {
    throw error("convolve: the kernel has {} columns, {} channels need {}", kernel.cols(), map.rows(),
                map.rows() * window.taps());
  }
  check_bias(bias, kernel.rows());
  const Grid made = window.result(grid);
  Map result = bias.replicate(1, made.sites());
  add_product(kernel, shifted_copies(map, grid, window, made), result);
  return result;
}

Map transposed_convolve(const Map& map, const Grid& grid, const Map& kernels, const Eigen::VectorXf& bias) {
  check_grid(map, grid);
  if (kernels.cols() != map.rows()) {
    throw error("convolve: the kernel has {} columns, {} channels need as many", kernels.cols(), map.rows());
  }
  check_bias(bias, kernels.rows() / 4);
  Map parts = Map::Zero(kernels.rows(), map.cols());
  add_product(kernels, map, parts);
  Map result(kernels.rows() / 4, 4 * map.cols());
  for (Eigen::Index o = 0; o < result.rows(); ++o) {
    for (int part = 0; part < 4; ++part) {
      for (int y = 0; y < grid.height; ++y) {
        for (int x = 0; x < grid.width; ++x) {
          const int to = (2 * y + part / 2) * 2 * grid.width + 2 * x + part % 2;
          result(o, to) = bias(o) + parts(4 * o + part, y * grid.width + x);
        }
      }
    }
  }
  return result;
}

}  // namespace settle
