#include "network/train/data.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "images/noise.hpp"
#include "network/unet/constants.hpp"

namespace settle {
namespace {

template <typename Make>
torch::Tensor tensor_of(std::size_t count, Make make) {
  const auto images = static_cast<std::int64_t>(count);
  torch::Tensor result = torch::empty({images, 1, kImageSide, kImageSide});
  float* to = result.data_ptr<float>();
  for (std::size_t i = 0; i < count; ++i, to += kImagePixels) {
    const Image image = make(i);
    std::copy(image.data(), image.data() + kImagePixels, to);
  }
  return result;
}

}  // namespace

Mnist read_mnist(const std::filesystem::path& folder) {
  const auto digits = [&](const char* name) {
    ImageSet images = read_images(folder / name);
    if (images.shape() != kMnistShape) {
      throw error("{}: its images are {}, {} is needed", (folder / name).string(), shape_text(images.shape()),
                  shape_text(kMnistShape));
    }
    return images;
  };
  return {digits("train-images-idx3-ubyte"), digits("t10k-images-idx3-ubyte")};
}

torch::Tensor clean_tensor(const ImageSet& images, std::size_t first, std::size_t count) {
  return tensor_of(count, [&](std::size_t i) { return images.image(first + i); });
}

torch::Tensor noisy_tensor(const ImageSet& images, std::size_t first, std::size_t count, double sigma,
                           std::uint64_t seed) {
  return tensor_of(count, [&](std::size_t i) { return noisy(images.image(first + i), sigma, seed, first + i); });
}

}  // namespace settle
