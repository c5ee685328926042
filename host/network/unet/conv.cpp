#include "network/unet/conv.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "network/unet/product.hpp"

namespace settle {
namespace {

// One row for each (input, tap): the input's grid, shifted so that column s holds what tap t sees from site s. The
// convolution is then one matrix product.
Map shifted_copies(const Map& map, int side) {
  Map copies = Map::Zero(map.rows() * kTaps, map.cols());
  for (Eigen::Index input = 0; input < map.rows(); ++input) {
    const float* const source = map.row(input).data();
    for (int tap = 0; tap < kTaps; ++tap) {
      const int dy = tap / 3 - 1;
      const int dx = tap % 3 - 1;
      float* const target = copies.row(input * kTaps + tap).data();
      const int first_x = std::max(0, -dx);
      const int end_x = std::min(side, side - dx);
      for (int y = std::max(0, -dy); y < std::min(side, side - dy); ++y) {
        const int from = (y + dy) * side + first_x + dx;
        std::copy_n(source + from, end_x - first_x, target + y * side + first_x);
      }
    }
  }
  return copies;
}

}  // namespace

Map convolve(const Map& map, int side, const Kernel& kernel, const Eigen::VectorXf& bias) {
  if (map.cols() != side * side) {
    throw error("convolve: the map has {} sites, {} x {} are needed", map.cols(), side, side);
  }
  if (kernel.cols() != map.rows() * kTaps) {
    throw error("convolve: the kernel has {} columns, {} channels need {}", kernel.cols(), map.rows(),
                map.rows() * kTaps);
  }
  if (bias.size() != kernel.rows()) {
    throw error("convolve: {} biases for {} output channels", bias.size(), kernel.rows());
  }
  Map result = bias.replicate(1, map.cols());
  add_product(kernel, shifted_copies(map, side), result);
  return result;
}

Map stack(const Map& above, const Map& below) {
  if (above.cols() != below.cols()) throw error("stack: maps of {} and {} sites", above.cols(), below.cols());
  Map result(above.rows() + below.rows(), above.cols());
  result << above, below;
  return result;
}

}  // namespace settle
