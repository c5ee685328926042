#include "fit/activations/training_images.hpp"

#include "base/error.hpp"
#include "network/graph/image_map.hpp"

namespace settle {

std::filesystem::path training_images_file(const std::filesystem::path& images, const std::filesystem::path& mnist) {
  return as_spelt(images.empty() ? mnist / "train-images-idx3-ubyte" : images);
}

ImageSet training_images(const std::filesystem::path& file, std::size_t count, const Graph& network) {
  ImageSet images = read_images(file);
  check_image_shape(images.shape(), network, file.string());
  if (count > images.size()) {
    throw error("{}: {} images are wanted, it holds {}", file.string(), count, images.size());
  }
  return images;
}

}  // namespace settle
