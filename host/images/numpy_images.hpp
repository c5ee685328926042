// Images as NumPy keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// True if the bytes are a .npy file's, or a zip archive's as .npz is.
bool is_numpy(const std::vector<std::uint8_t>& bytes);

/// Grey levels 0 to 255, kImagePixels for each image, of an array [images, 28, 28], [images, 1, 28, 28] or [images,
/// 784] of whole numbers, in a .npy file or the only one of a .npz archive. Throws Error that begins with `file` and
/// names what is wrong: another shape, no image, a number that is no grey level.
std::vector<std::uint8_t> numpy_greys(const std::vector<std::uint8_t>& bytes, const std::string& file);

}  // namespace settle
