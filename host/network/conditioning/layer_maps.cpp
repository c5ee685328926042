#include "network/conditioning/layer_maps.hpp"

namespace settle {

Eigen::VectorXd layer_activation(const Layer& layer, const Map& map) {
  Eigen::MatrixXd values = map.cast<double>();
  if (layer.sites() == 1) values = spatial_mean(map);
  Eigen::MatrixXd cells = values.replicate(layer.site_cells / values.rows(), 1);
  if (layer.unit.size() > 0) cells = layer.unit.cwiseInverse().asDiagonal() * cells;
  return cells.reshaped();
}

Map as_map(const Layer& layer, const Eigen::VectorXd& states) {
  Eigen::MatrixXd cells = states.reshaped(layer.site_cells, layer.sites());
  if (layer.unit.size() > 0) cells = layer.unit.asDiagonal() * cells;
  return cells.cast<float>();
}

}  // namespace settle
