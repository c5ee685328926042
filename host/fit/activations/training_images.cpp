#include "fit/activations/training_images.hpp"

#include "base/error.hpp"

namespace settle {

std::filesystem::path training_images_file(const std::filesystem::path& mnist) {
  return as_spelt(mnist / "train-images-idx3-ubyte");
}

ImageSet training_images(const std::filesystem::path& mnist, std::size_t count) {
  const std::filesystem::path file = training_images_file(mnist);
  ImageSet images = read_images(file);
  if (count > images.size()) {
    throw error("{}: {} images are wanted, it holds {}", file.string(), count, images.size());
  }
  return images;
}

}  // namespace settle
