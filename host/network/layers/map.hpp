// Feature maps and the steps between their resolutions.
#pragma once

#include <Eigen/Core>

namespace settle {

/// A feature map: one row per channel, one column per site, sites in raster order (row by row of the grid).
using Map = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// How the sites of a map lie.
struct Grid {
  int height = 1, width = 1;

  constexpr Grid() = default;
  constexpr Grid(int side) : height(side), width(side) {}  // NOLINT(google-explicit-constructor): a square
  constexpr Grid(int rows, int columns) : height(rows), width(columns) {}

  constexpr int sites() const { return height * width; }
  friend constexpr bool operator==(const Grid& a, const Grid& b) { return a.height == b.height && a.width == b.width; }
  friend constexpr bool operator!=(const Grid& a, const Grid& b) { return !(a == b); }
};

/// The side of the grid below one of `side`: half, rounded up.
constexpr int half_side(int side) { return (side + 1) / 2; }

/// What a pooling does with the last row or column of an odd grid.
enum class OddEdge {
  keep,  ///< it counts for itself: sides are halved and rounded up
  drop,  ///< it is left out: sides are halved and rounded down
};

/// The grid that halve() makes.
constexpr Grid half_grid(const Grid& grid, OddEdge edge = OddEdge::keep) {
  const int more = edge == OddEdge::keep ? 1 : 0;
  return {(grid.height + more) / 2, (grid.width + more) / 2};
}

/// [channels x sites of `grid`] -> [channels x sites of half_grid(grid, edge)]: the mean of the existing sites of each
/// 2 x 2 block. Throws Error unless `map` has the grid's sites.
Map halve(const Map& map, const Grid& grid, OddEdge edge = OddEdge::keep);

/// [channels x sites of half_grid(grid)] -> [channels x sites of `grid`]: site (y, x) takes source site (floor(y/2),
/// floor(x/2)). Throws Error unless `map` has the sites of half_grid(grid).
Map twice(const Map& map, const Grid& grid);

/// One map above the other: [a + b channels x sites]. Throws Error unless both have the same number of sites.
Map stack(const Map& above, const Map& below);

/// The mean over all sites, one number per channel, summed in double.
Eigen::VectorXd spatial_mean(const Map& map);

}  // namespace settle
