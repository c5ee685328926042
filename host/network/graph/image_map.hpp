// Between images and the maps that a network takes and makes of them.
#pragma once

#include <string>

#include "images/image.hpp"
#include "network/graph/graph.hpp"

namespace settle {

/// The shape of images of that size.
ImageShape image_shape(const MapSize& size);

/// Throws Error that begins with `file`, which holds images of that shape, unless the network takes such ones.
void check_image_shape(const ImageShape& shape, const Graph& network, const std::string& file);

/// The image as the network's map of it, [channels x sites]. Throws Error unless it has the pixels of network.image.
Map image_map(const Image& image, const Graph& network);

/// A map of network.image's size as an image: what image_map() undoes.
Image map_image(const Map& map);

}  // namespace settle
