// A map as a sum of what layers hold: what nodes that are linear and act on each site alone make of layers, without
// cells of their own.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "machine/machine.hpp"
#include "network/graph/graph.hpp"

namespace settle {

/// What one layer gives to a segment.
struct LayerPart {
  std::string layer;
  Eigen::MatrixXd weights;  ///< [segment channels x layer channels], of the values that the layer stands for
};

/// Some channels of a map, from layers of one grid.
struct MapSegment {
  std::string map;  ///< the network's map that the parts make up before the step; it names the bus
  int first = 0;    ///< channel of the mixture
  int channels = 0;
  Resolution step = Resolution::same;
  bool map_after_step = false;  ///< the parts make up the map after the step, not before it
  std::vector<LayerPart> parts;
};

/// The sum of its segments, which may overlap, and of what does not depend on any layer.
struct Mixture {
  MapSize size;
  std::vector<MapSegment> segments;
  Eigen::MatrixXd offset;  ///< [channels x 1], or [channels x sites]
  Eigen::MatrixXd noise;   ///< [channels x noise features], of their change from the fit's; or empty
};

/// A layer by itself.
Mixture single(const std::string& layer, const std::string& map, const MapSize& size);

/// Their sum; segments of `map` that lie alike become one. All of one size.
Mixture sum_of(const std::vector<Mixture>& mixtures, const std::string& map);

/// Their channels, one after the other.
Mixture stacked(const std::vector<Mixture>& mixtures);

/// `weights` [outputs x channels] times it plus `bias` [outputs]: pointwise products. Segments become `map`'s.
Mixture product(const Eigen::MatrixXd& weights, const Eigen::VectorXd& bias, const Mixture& mixture,
                const std::string& map);

/// Whether every segment can take the step on top of its own: same or, to half, from half.
bool can_halve(const Mixture& mixture);
bool can_double(const Mixture& mixture);

/// As average pooling (keeping an odd edge) and nearest upsampling to `grid` make of it; can_ must hold.
Mixture halved(const Mixture& mixture);
Mixture doubled(const Mixture& mixture, const Grid& grid);

/// Offset at every site, [channels x sites]. And whether it is zero everywhere.
Eigen::MatrixXd offset_map(const Mixture& mixture);
bool has_offset(const Mixture& mixture);

}  // namespace settle
