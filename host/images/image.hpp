// An image as numbers, and its shape.
#pragma once

#include <cstdint>
#include <string>

#include <Eigen/Core>

#include <fmt/format.h>

namespace settle {

/// The largest images that are read.
inline constexpr int kMostImageSide = 256, kMostImageChannels = 64;

/// What an image holds: channels (1: grey, 3: red, green, blue), each `height` rows of `width` pixels.
struct ImageShape {
  int channels = 1, height = 0, width = 0;

  /// Numbers of an image: one per channel and place.
  constexpr int pixels() const { return channels * height * width; }

  friend constexpr bool operator==(const ImageShape& a, const ImageShape& b) {
    return a.channels == b.channels && a.height == b.height && a.width == b.width;
  }
  friend constexpr bool operator!=(const ImageShape& a, const ImageShape& b) { return !(a == b); }
};

/// MNIST's: grey digits.
inline constexpr ImageShape kMnistShape = {1, 28, 28};

/// "3 x 32 x 32", for messages: channels, height, width.
inline std::string shape_text(const ImageShape& shape) {
  return fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width);
}

/// The pixels of all channels, channel by channel, each row by row from the top left. A clean pixel is in [-1, 1] (-1
/// is black); noise may take it outside.
using Image = Eigen::VectorXf;

/// The clean pixel of a level 0 to 255: v / 127.5 - 1, rounded once to float.
inline float pixel_value(std::uint8_t level) { return static_cast<float>(level / 127.5 - 1.0); }

}  // namespace settle
