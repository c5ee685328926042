// The images that a fit may see: training images, never test images.
#pragma once

#include <cstddef>
#include <filesystem>

#include "images/idx.hpp"

namespace settle {

struct Graph;

/// The file that a fit takes its images from: `images`, or if that is empty train-images-idx3-ubyte in the folder
/// `mnist`.
std::filesystem::path training_images_file(const std::filesystem::path& images, const std::filesystem::path& mnist);

/// The images of `file` (images/idx.hpp). Throws Error that names it if it is missing or bad, holds fewer than `count`
/// images, or those are not of the shape that the network takes.
ImageSet training_images(const std::filesystem::path& file, std::size_t count, const Graph& network);

}  // namespace settle
