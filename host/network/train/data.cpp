#include "network/train/data.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/arrays/npy.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/description/textures.hpp"

namespace settle {
namespace {

const MapSize kDigits = {kMnistShape.channels, {kMnistShape.height, kMnistShape.width}};

torch::Tensor bytes_tensor(const std::vector<std::uint8_t>& bytes, const MapSize& size) {
  const std::int64_t numbers = std::int64_t{1} * size.channels * size.grid.sites();
  torch::Tensor result = torch::empty(
      {static_cast<std::int64_t>(bytes.size()) / numbers, size.channels, size.grid.height, size.grid.width},
      torch::kByte);
  std::copy(bytes.begin(), bytes.end(), result.data_ptr<std::uint8_t>());
  return result;
}

torch::Tensor mnist_tensor(const std::filesystem::path& path) {
  const ImageSet images = read_images(path);
  if (images.shape() != kMnistShape) {
    throw error("{}: its images are {}, {} is needed", path.string(), shape_text(images.shape()),
                shape_text(kMnistShape));
  }
  return bytes_tensor(images.greys(), kDigits);
}

}  // namespace

ImageData read_image_data(const ImageSource& source, const std::filesystem::path& mnist_folder, const Graph& network) {
  const bool mnist = source.kind == ImageSource::Kind::mnist;
  const MapSize made = mnist ? kDigits : MapSize{kTextureChannels, kTextureSide};
  if (made != network.image) {
    throw error("network {}: its images are {}, those of {} are {}", network.name, size_text(network.image),
                mnist ? "mnist" : "textures", size_text(made));
  }
  if (mnist) {
    return {mnist_tensor(mnist_folder / "train-images-idx3-ubyte"),
            mnist_tensor(mnist_folder / "t10k-images-idx3-ubyte")};
  }
  const auto first_test = static_cast<std::uint64_t>(source.train);
  return {bytes_tensor(make_textures(source.seed, 0, first_test), made),
          bytes_tensor(make_textures(source.seed, first_test, static_cast<std::uint64_t>(source.test)), made)};
}

torch::Tensor clean_tensor(const torch::Tensor& images, std::int64_t first, std::int64_t count) {
  const torch::Tensor bytes = images.slice(0, first, first + count).contiguous();
  torch::Tensor result = torch::empty(bytes.sizes());
  const auto* from = bytes.data_ptr<std::uint8_t>();
  std::transform(from, from + bytes.numel(), result.data_ptr<float>(), pixel_value);
  return result;
}

torch::Tensor noisy_tensor(const torch::Tensor& images, std::int64_t first, std::int64_t count, double sigma,
                           std::uint64_t seed) {
  torch::Tensor result = clean_tensor(images, first, count);
  const std::int64_t numbers = result[0].numel();
  float* value = result.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t p = 0; p < numbers; ++p, ++value) {
      const double noise = unit_noise(seed, static_cast<std::uint64_t>(first + i), static_cast<std::uint32_t>(p));
      *value = static_cast<float>(*value + sigma * noise);
    }
  }
  return result;
}

void write_images(const std::filesystem::path& path, const torch::Tensor& images, std::int64_t count) {
  const torch::Tensor some = images.slice(0, 0, count).contiguous();
  NumberArray array{some.sizes().vec(), {}};
  const auto* from = some.data_ptr<std::uint8_t>();
  array.values.assign(from, from + some.numel());
  write_atomically(path, npy_bytes(array, NumberType::byte));
}

}  // namespace settle
