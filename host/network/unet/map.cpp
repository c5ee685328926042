#include "network/unet/map.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace settle {
namespace {

void check_sites(const Map& map, int side, const char* what) {
  if (map.cols() != side * side) {
    throw error("{}: the map has {} sites, {} x {} are needed", what, map.cols(), side, side);
  }
}

}  // namespace

Map halve(const Map& map, int side) {
  check_sites(map, side, "halve");
  const int half = half_side(side);
  Map result(map.rows(), half * half);
  for (Eigen::Index channel = 0; channel < map.rows(); ++channel) {
    for (int y = 0; y < half; ++y) {
      const int rows = std::min(2, side - 2 * y);
      for (int x = 0; x < half; ++x) {
        const int columns = std::min(2, side - 2 * x);
        float sum = 0;
        for (int dy = 0; dy < rows; ++dy) {
          for (int dx = 0; dx < columns; ++dx) sum += map(channel, (2 * y + dy) * side + 2 * x + dx);
        }
        result(channel, y * half + x) = sum / static_cast<float>(rows * columns);
      }
    }
  }
  return result;
}

Map twice(const Map& map, int side) {
  const int half = half_side(side);
  check_sites(map, half, "twice");
  Map result(map.rows(), side * side);
  for (Eigen::Index channel = 0; channel < map.rows(); ++channel) {
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) result(channel, y * side + x) = map(channel, (y / 2) * half + x / 2);
    }
  }
  return result;
}

Eigen::VectorXd spatial_mean(const Map& map) { return map.cast<double>().rowwise().mean(); }

}  // namespace settle
