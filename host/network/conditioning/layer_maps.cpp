#include "network/conditioning/layer_maps.hpp"

#include <algorithm>

namespace settle {
namespace {

/// The map at the layer's sites: where the layer's sides are twice the map's, site n takes the map's n / 2.
Eigen::MatrixXd at_sites(const Layer& layer, const Map& map) {
  if (layer.sites() == 1) return spatial_mean(map);
  if (map.cols() == layer.sites()) return map.cast<double>();
  return twice(map, {layer.height, layer.width}).cast<double>();
}

/// Clamped cells hold 0.
void clear_clamped(const Layer& layer, Eigen::VectorXd& states) {
  for (std::size_t i = 0; i < layer.clamp.size(); ++i) {
    if (layer.clamp[i] != 0) states[static_cast<Eigen::Index>(i)] = 0;
  }
}

}  // namespace

Eigen::VectorXd layer_activation(const Layer& layer, const Maps& maps) {
  const Eigen::MatrixXd values = at_sites(layer, maps.at(layer.map));
  Eigen::MatrixXd cells = values.replicate(layer.site_cells / values.rows(), 1);
  if (!layer.added_map.empty()) {
    const Eigen::MatrixXd added = at_sites(layer, maps.at(layer.added_map));
    cells += layer.added_factor.asDiagonal() * added.replicate(layer.site_cells / added.rows(), 1);
  }
  if (layer.unit.size() > 0) cells = layer.unit.cwiseInverse().asDiagonal() * cells;
  Eigen::VectorXd states = cells.reshaped();
  clear_clamped(layer, states);
  return states;
}

Map as_map(const Layer& layer, const Eigen::VectorXd& states, int channels) {
  Eigen::MatrixXd cells = states.reshaped(layer.site_cells, layer.sites());
  if (layer.unit.size() > 0) cells = layer.unit.asDiagonal() * cells;
  const int copies = layer.site_cells / channels;
  if (copies == 1) return cells.cast<float>();
  Eigen::MatrixXd sum = cells.topRows(channels);
  for (int copy = 1; copy < copies; ++copy) sum += cells.middleRows(copy * channels, channels);
  return (sum / copies).cast<float>();
}

}  // namespace settle
