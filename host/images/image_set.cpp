#include "images/image_set.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace settle {
namespace {

std::size_t pixels_of(const ImageShape& shape) { return static_cast<std::size_t>(shape.pixels()); }

void check_numbers(const ImageShape& shape, std::size_t numbers) {
  const auto within = [](int value, int most) { return value >= 1 && value <= most; };
  if (!within(shape.channels, kMostImageChannels) || !within(shape.height, kMostImageSide) ||
      !within(shape.width, kMostImageSide)) {
    throw error("image set: images of {}, 1 to {} channels and sides of 1 to {} are allowed", shape_text(shape),
                kMostImageChannels, kMostImageSide);
  }
  if (numbers % pixels_of(shape) != 0) {
    throw error("image set: {} numbers are no multiple of the {} of one image", numbers, shape.pixels());
  }
}

}  // namespace

ImageSet::ImageSet(const ImageShape& shape, std::vector<std::uint8_t> greys) : shape_(shape), greys_(std::move(greys)) {
  check_numbers(shape_, greys_.size());
}

ImageSet::ImageSet(const ImageShape& shape, std::vector<float> pixels) : shape_(shape), pixels_(std::move(pixels)) {
  check_numbers(shape_, pixels_.size());
  for (const float pixel : pixels_) {
    if (!(pixel >= -1 && pixel <= 1)) throw error("image set: a pixel is {}, -1 to 1 is allowed", pixel);
  }
}

std::size_t ImageSet::size() const { return std::max(greys_.size(), pixels_.size()) / pixels_of(shape_); }

Image ImageSet::image(std::size_t index) const {
  if (index >= size()) throw error("image set: image {} is out of range, 0 to {} exist", index, size() - 1);
  const std::size_t first = index * pixels_of(shape_);
  if (!has_greys()) return Eigen::Map<const Image>(pixels_.data() + first, shape_.pixels());
  Image result(shape_.pixels());
  const std::uint8_t* const level = greys_.data() + first;
  std::transform(level, level + pixels_of(shape_), result.data(), pixel_value);
  return result;
}

void ImageSet::keep_first(std::size_t count) {
  if (count >= size()) return;
  greys_.resize(std::min(greys_.size(), count * pixels_of(shape_)));
  pixels_.resize(std::min(pixels_.size(), count * pixels_of(shape_)));
}

const std::vector<std::uint8_t>& ImageSet::greys() const {
  if (!has_greys()) throw error("image set: its pixels are floats, grey levels 0 to 255 are needed");
  return greys_;
}

bool ImageSet::begins_with(const ImageSet& part) const {
  const auto same = [](const auto& all, const auto& first) {
    return first.size() <= all.size() && std::equal(first.begin(), first.end(), all.begin());
  };
  return shape_ == part.shape_ && has_greys() == part.has_greys() && same(greys_, part.greys_) &&
         same(pixels_, part.pixels_);
}

}  // namespace settle
