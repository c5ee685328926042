// The feature maps of the U-Net and the two steps between their resolutions.
#pragma once

#include <Eigen/Core>

namespace settle {

/// A feature map: one row per channel, one column per site, sites in raster order (row by row of the grid).
using Map = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The side of the grid below one of `side`: half, rounded up.
inline int half_side(int side) { return (side + 1) / 2; }

/// [channels x side^2] -> [channels x half_side(side)^2]: the mean of the existing sites of each 2 x 2 block, so that
/// the last row and column of an odd grid count for themselves. Throws Error unless `map` has side^2 columns.
Map halve(const Map& map, int side);

/// [channels x half_side(side)^2] -> [channels x side^2]: site (y, x) takes source site (floor(y/2), floor(x/2)).
/// Throws Error unless `map` has half_side(side)^2 columns.
Map twice(const Map& map, int side);

/// The mean over all sites, one number per channel, summed in double.
Eigen::VectorXd spatial_mean(const Map& map);

}  // namespace settle
