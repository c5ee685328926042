// The images that a fit may see: training images, never test images.
#pragma once

#include <cstddef>
#include <filesystem>

#include "images/idx.hpp"

namespace settle {

/// The training images' file in the folder `mnist`.
std::filesystem::path training_images_file(const std::filesystem::path& mnist);

/// That file's images. Throws Error if it is missing or bad or holds fewer than `count`.
ImageSet training_images(const std::filesystem::path& mnist, std::size_t count);

}  // namespace settle
