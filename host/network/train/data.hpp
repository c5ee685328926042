// The images that a network is trained and tried on, as libtorch's tensors.
#pragma once

#include <cstdint>
#include <filesystem>

#include <torch/torch.h>

#include "network/description/description.hpp"
#include "network/graph/graph.hpp"

namespace settle {

/// Images as bytes, one per number: [images, channels, height, width].
struct ImageData {
  torch::Tensor train, test;
};

/// The images of a source: of MNIST the files train-images-idx3-ubyte and t10k-images-idx3-ubyte of `mnist_folder`, of
/// textures those that make_textures() makes. Throws Error as read_images, and if `network` takes
/// images of another size.
ImageData read_image_data(const ImageSource& source, const std::filesystem::path& mnist_folder, const Graph& network);

/// `count` images from `first` on, pixels in [-1, 1].
torch::Tensor clean_tensor(const torch::Tensor& images, std::int64_t first, std::int64_t count);

/// The same images with the noise of images/noise.hpp, numbered as in `images`, pixels of an image channel by channel.
torch::Tensor noisy_tensor(const torch::Tensor& images, std::int64_t first, std::int64_t count, double sigma,
                           std::uint64_t seed);

/// Writes the first `count` images as a .npy file of bytes, [count, channels, height, width]. Throws Error if that
/// cannot be done.
void write_images(const std::filesystem::path& path, const torch::Tensor& images, std::int64_t count);

}  // namespace settle
