// MNIST as the libtorch tensors that training takes.
#pragma once

#include <cstdint>
#include <filesystem>

#include <torch/torch.h>

#include "images/idx.hpp"

namespace settle {

/// Training and test images as the IDX files of a data folder hold them.
struct Mnist {
  ImageSet train, test;
};

/// Reads train-images-idx3-ubyte and t10k-images-idx3-ubyte of `folder`. Throws Error as read_images,
/// and for images of another shape than MNIST's.
Mnist read_mnist(const std::filesystem::path& folder);

/// `count` images from `first` on, [count, 1, 28, 28], pixels in [-1, 1]. Throws Error if they are not all there.
torch::Tensor clean_tensor(const ImageSet& images, std::size_t first, std::size_t count);

/// The same images with the noise of images/noise.hpp, numbered as in their file.
torch::Tensor noisy_tensor(const ImageSet& images, std::size_t first, std::size_t count, double sigma,
                           std::uint64_t seed);

}  // namespace settle
