#include "network/train/data.hpp"

#include <algorithm>

#include "images/noise.hpp"

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
  return {read_images(folder / "train-images-idx3-ubyte"), read_images(folder / "t10k-images-idx3-ubyte")};
}

torch::Tensor clean_tensor(const ImageSet& images, std::size_t first, std::size_t count) {
  return tensor_of(count, [&](std::size_t i) { return images.image(first + i); });
}

torch::Tensor noisy_tensor(const ImageSet& images, std::size_t first, std::size_t count, double sigma,
                           std::uint64_t seed) {
  return tensor_of(count, [&](std::size_t i) { return noisy(images.image(first + i), sigma, seed, first + i); });
}

}  // namespace settle
