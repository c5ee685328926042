// Files of images and labels. MNIST's own format is IDX: a big-endian header, then one byte per pixel or label. Files
// packed by gzip, as MNIST is spread, are read as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <vector>

#include "images/image_set.hpp"

namespace settle {

/// Reads no more than this many items unless told otherwise.
inline constexpr std::size_t kAllItems = std::numeric_limits<std::size_t>::max();

/// The spelling in which a file of MNIST is there: NAME-idx3-ubyte is spread as NAME.idx3-ubyte, too, and either with
/// .gz at its end. `path` itself if that is there, or if none is.
std::filesystem::path as_spelt(const std::filesystem::path& path);

/// The first `limit` images of an IDX3 file of bytes, which are grey, or of an array of NumPy (numpy_images.hpp); all
/// if it holds fewer. The whole file is checked first. Throws Error naming the file and the field if it is missing in
/// every spelling (as_spelt), is no such file, has a side that is not 1 to kMostImageSide, holds no image, or its
/// length differs from what its header promises.
ImageSet read_images(const std::filesystem::path& named, std::size_t limit = kAllItems);

/// The first `limit` labels, 0 to 9, of an IDX1 file of bytes. Throws as read_images, and for a label above 9.
std::vector<std::uint8_t> read_labels(const std::filesystem::path& named, std::size_t limit = kAllItems);

/// Writes `images` as an IDX3 file; the file appears whole or not at all. Throws Error if it cannot be written, and for
/// images of several channels or of pixels that are no grey levels, which such a file does not hold.
void write_images(const std::filesystem::path& path, const ImageSet& images);

/// Writes `labels` as an IDX1 file; the file appears whole or not at all. Throws Error if it cannot be written.
void write_labels(const std::filesystem::path& path, const std::vector<std::uint8_t>& labels);

}  // namespace settle
