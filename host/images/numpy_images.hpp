// Images as NumPy keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "images/image_set.hpp"

namespace settle {

/// True if the bytes are a .npy file's, or a zip archive's as .npz is.
bool is_numpy(const std::vector<std::uint8_t>& bytes);

/// The images of an array in a .npy file or the only one of a .npz archive.
///
/// Shapes: [images, height, width], one channel; [images, channels, height, width]; [images, height, width, channels]
/// if the last side is 1, 3 or 4 and the second more than 4; [images, pixels] of a square, one channel.
/// Numbers: integers are levels 0 to 255 (image.hpp: pixel_value). Floats are pixels, taken as they are, if all lie in
/// [-1, 1]; otherwise they are levels, too, if all are whole numbers from 0 to 255.
///
/// Throws Error that begins with `file` and names what is wrong: another shape, more channels than kMostImageChannels,
/// a side beyond kMostImageSide, no image, a number that is neither.
ImageSet numpy_images(const std::vector<std::uint8_t>& bytes, const std::string& file);

}  // namespace settle
