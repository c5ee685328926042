#include "images/numpy_images.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "base/arrays/npy.hpp"
#include "base/error.hpp"
#include "images/image.hpp"

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
    for (const auto& [name, unused] : arrays) names.push_back(name);
    throw error("{}: holds {} arrays ({}), one of images is needed", file, arrays.size(), fmt::join(names, ", "));
  }
  return std::move(arrays.begin()->second);
}

}  // namespace

bool is_numpy(const std::vector<std::uint8_t>& bytes) {
  return begins(bytes, "\x93NUMPY"sv) || begins(bytes, "PK\x03\x04"sv);
}

std::vector<std::uint8_t> numpy_greys(const std::vector<std::uint8_t>& bytes, const std::string& file) {
  const NumberArray array = only_array(bytes, file);
  const std::vector<std::int64_t>& shape = array.shape;
  const std::vector<std::int64_t> sides(shape.empty() ? shape.end() : shape.begin() + 1, shape.end());
  const std::vector<std::vector<std::int64_t>> allowed = {
      {kImageSide, kImageSide}, {1, kImageSide, kImageSide}, {kImagePixels}};
  if (std::find(allowed.begin(), allowed.end(), sides) == allowed.end()) {
    throw error("{}: its array has the shape [{}], [images, {}, {}], [images, 1, {}, {}] or [images, {}] is needed",
                file, fmt::join(shape, ", "), kImageSide, kImageSide, kImageSide, kImageSide, kImagePixels);
  }
  if (shape[0] == 0) throw error("{}: holds no image", file);
  std::vector<std::uint8_t> greys;
  greys.reserve(array.values.size());
  for (const double value : array.values) {
    if (!(value >= 0 && value <= 255 && value == std::floor(value))) {
      throw error("{}: image {} holds {}, grey levels are whole numbers from 0 to 255", file,
                  greys.size() / static_cast<std::size_t>(kImagePixels), value);
    }
    greys.push_back(static_cast<std::uint8_t>(value));
  }
  return greys;
}

}  // namespace settle
