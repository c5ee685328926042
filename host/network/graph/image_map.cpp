#include "network/graph/image_map.hpp"

#include "base/error.hpp"

namespace settle {

ImageShape image_shape(const MapSize& size) { return {size.channels, size.grid.height, size.grid.width}; }

void check_image_shape(const ImageShape& shape, const Graph& network, const std::string& file) {
  if (shape == image_shape(network.image)) return;
  throw error("{}: its images are {} (channels x height x width), the network {} takes {}", file, shape_text(shape),
              network.name, size_text(network.image));
}

// Both keep channel after channel, row after row: the numbers lie in the same order.

Map image_map(const Image& image, const Graph& network) {
  const MapSize& size = network.image;
  if (image.size() != Eigen::Index{size.channels} * size.grid.sites()) {
    throw error("network: an image of {} pixels, {} is needed", image.size(), size_text(size));
  }
  return Eigen::Map<const Map>(image.data(), size.channels, size.grid.sites());
}

Image map_image(const Map& map) { return Eigen::Map<const Image>(map.data(), map.size()); }

}  // namespace settle
