#include "network/layers/map.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace settle {
namespace {

void check_sites(const Map& map, const Grid& grid, const char* what) {
  if (map.cols() != grid.sites()) {
    throw error("{}: the map has {} sites, {} x {} are needed", what, map.cols(), grid.height, grid.width);
  }
}

}  // namespace

Map halve(const Map& map, const Grid& grid, OddEdge edge) {
  check_sites(map, grid, "halve");
  const Grid half = half_grid(grid, edge);
  Map result(map.rows(), half.sites());
  for (Eigen::Index channel = 0; channel < map.rows(); ++channel) {
    for (int y = 0; y < half.height; ++y) {
      const int rows = std::min(2, grid.height - 2 * y);
      for (int x = 0; x < half.width; ++x) {
        const int columns = std::min(2, grid.width - 2 * x);
        float sum = 0;
        for (int dy = 0; dy < rows; ++dy) {
          for (int dx = 0; dx < columns; ++dx) sum += map(channel, (2 * y + dy) * grid.width + 2 * x + dx);
        }
        result(channel, y * half.width + x) = sum / static_cast<float>(rows * columns);
      }
    }
  }
  return result;
}

Map twice(const Map& map, const Grid& grid) {
  const Grid half = half_grid(grid);
  check_sites(map, half, "twice");
  Map result(map.rows(), grid.sites());
  for (Eigen::Index channel = 0; channel < map.rows(); ++channel) {
    for (int y = 0; y < grid.height; ++y) {
      for (int x = 0; x < grid.width; ++x) {
        result(channel, y * grid.width + x) = map(channel, (y / 2) * half.width + x / 2);
      }
    }
  }
  return result;
}

Map stack(const Map& above, const Map& below) {
  if (above.cols() != below.cols()) throw error("stack: maps of {} and {} sites", above.cols(), below.cols());
  Map result(above.rows() + below.rows(), above.cols());
  result << above, below;
  return result;
}

Eigen::VectorXd spatial_mean(const Map& map) { return map.cast<double>().rowwise().mean(); }

}  // namespace settle
