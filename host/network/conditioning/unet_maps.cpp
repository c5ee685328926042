#include "network/conditioning/unet_maps.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "network/unet/constants.hpp"

namespace settle {

const std::vector<MapShape>& map_shapes() {
  static const std::vector<MapShape> shapes = [] {
    std::vector<MapShape> all = {{"input", 1, kSide1}};
    for (int l = 0; l + 1 < kConvolutions; ++l) {  // the last one is the image
      const ConvolutionShape& shape = convolution_shape(static_cast<Convolution>(l));
      all.push_back({shape.name, shape.outputs, shape.side});
    }
    return all;
  }();
  return shapes;
}

const MapShape& map_shape(const std::string& name, const std::string& where) {
  const std::vector<MapShape>& all = map_shapes();
  const auto found = std::find_if(all.begin(), all.end(), [&](const MapShape& shape) { return shape.name == name; });
  if (found != all.end()) return *found;
  std::string known;
  for (const MapShape& shape : all) known += (known.empty() ? "" : ", ") + shape.name;
  throw error("{}: \"{}\" is no map of the U-Net; {} are", where, name, known);
}

const Map& map_of(const Activations& a, const std::string& name) {
  const Map* const maps[] = {&a.input, &a.e1, &a.e2, &a.e3, &a.b, &a.d3, &a.d2, &a.d1};
  return *maps[&map_shape(name, "map") - map_shapes().data()];
}

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
