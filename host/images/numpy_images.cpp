#include "images/numpy_images.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "base/arrays/npy.hpp"
#include "base/error.hpp"

namespace settle {
namespace {

using namespace std::string_view_literals;

std::string_view text_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool begins(const std::vector<std::uint8_t>& bytes, std::string_view mark) {
  return text_of(bytes).substr(0, mark.size()) == mark;
}

NumberArray only_array(const std::vector<std::uint8_t>& bytes, const std::string& file) {
  if (!begins(bytes, "PK"sv)) return parse_npy(text_of(bytes), file);
  std::map<std::string, NumberArray> arrays = parse_npz(text_of(bytes), file);
  if (arrays.size() != 1) {
    std::vector<std::string> names;
    names.reserve(arrays.size());
    for (const auto& [name, unused] : arrays) names.push_back(name);
    throw error("{}: holds {} arrays ({}), one of images is needed", file, arrays.size(), fmt::join(names, ", "));
  }
  return std::move(arrays.begin()->second);
}

/// What an array's sides mean.
struct Layout {
  ImageShape shape;
  bool channels_last = false;
};

/// The side of a square of that many places, or 0.
std::int64_t square_side(std::int64_t places) {
  const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(places))));
  return side * side == places ? side : 0;
}

/// Throws Error for a shape that is none of images, and for images that are too large.
Layout layout_of(const std::vector<std::int64_t>& sides, const std::string& file) {
  std::int64_t channels = 1, height = 0, width = 0;
  bool channels_last = false;
  if (sides.size() == 2) {
    height = width = square_side(sides[1]);
  } else if (sides.size() == 3) {
    height = sides[1];
    width = sides[2];
  } else if (sides.size() == 4) {
    channels_last = (sides[3] == 1 || sides[3] == 3 || sides[3] == 4) && sides[1] > 4;
    channels = sides[channels_last ? 3 : 1];
    height = sides[channels_last ? 1 : 2];
    width = sides[channels_last ? 2 : 3];
  }
  const auto within = [](std::int64_t value, std::int64_t most) { return value >= 1 && value <= most; };
  if (!within(channels, kMostImageChannels) || !within(height, kMostImageSide) || !within(width, kMostImageSide)) {
    throw error(
        "{}: its array has the shape [{}]; [images, height, width], [images, channels, height, width], [images, "
        "height, "
        "width, channels] or [images, pixels] of a square is needed, sides from 1 to {}, channels from 1 to {}",
        file, fmt::join(sides, ", "), kMostImageSide, kMostImageChannels);
  }
  return {{static_cast<int>(channels), static_cast<int>(height), static_cast<int>(width)}, channels_last};
}

/// From [height, width, channels] to [channels, height, width], image by image.
void put_channels_first(std::vector<double>& values, const ImageShape& shape) {
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Index sites = shape.height * shape.width, channels = shape.channels;
  for (std::size_t at = 0; at < values.size(); at += static_cast<std::size_t>(shape.pixels())) {
    const Rows image = Eigen::Map<const Rows>(values.data() + at, sites, channels);
    Eigen::Map<Rows>(values.data() + at, channels, sites) = image.transpose();
  }
}

bool is_pixel(double value) { return value >= -1 && value <= 1; }
bool is_grey(double value) { return value >= 0 && value <= 255 && value == std::floor(value); }

/// Throws Error unless all numbers are grey levels; of floats it also names one that is no pixel.
void check_greys(const NumberArray& array, const ImageShape& shape, const std::string& file) {
  const std::vector<double>& values = array.values;
  const auto named = [&](std::vector<double>::const_iterator value) {
    return fmt::format("image {} holds {}", (value - values.begin()) / shape.pixels(), *value);
  };
  const auto no_grey = std::find_if_not(values.begin(), values.end(), is_grey);
  if (no_grey == values.end()) return;
  if (!array.floats) throw error("{}: {}, grey levels are whole numbers from 0 to 255", file, named(no_grey));
  const auto no_pixel = std::find_if_not(values.begin(), values.end(), is_pixel);
  const std::string both = named(no_pixel) + (no_pixel == no_grey ? "" : " and " + named(no_grey));
  throw error(
      "{}: {}: floats are pixels from -1 to 1, or grey levels, whole numbers from 0 to 255: scale them to either", file,
      both);
}

}  // namespace

bool is_numpy(const std::vector<std::uint8_t>& bytes) {
  return begins(bytes, "\x93NUMPY"sv) || begins(bytes, "PK\x03\x04"sv);
}

ImageSet numpy_images(const std::vector<std::uint8_t>& bytes, const std::string& file) {
  NumberArray array = only_array(bytes, file);
  const Layout layout = layout_of(array.shape, file);
  if (array.values.empty()) throw error("{}: holds no image", file);
  if (layout.channels_last) put_channels_first(array.values, layout.shape);
  const bool pixels = array.floats && std::all_of(array.values.begin(), array.values.end(), is_pixel);
  if (pixels) return {layout.shape, std::vector<float>(array.values.begin(), array.values.end())};
  check_greys(array, layout.shape, file);
  return {layout.shape, std::vector<std::uint8_t>(array.values.begin(), array.values.end())};
}

}  // namespace settle
