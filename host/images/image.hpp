// The one image format of Settle: an MNIST digit as 784 numbers.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace settle {

/// Images are squares of kImageSide x kImageSide pixels.
inline constexpr int kImageSide = 28;
inline constexpr int kImagePixels = kImageSide * kImageSide;

/// kImagePixels values, row by row from the top left. A clean pixel is in [-1, 1] (-1 is the background); noise may
/// take it outside.
using Image = Eigen::VectorXf;

/// The clean pixel of a grey level 0 to 255: v / 127.5 - 1, rounded once to float.
inline float pixel_value(std::uint8_t grey) { return static_cast<float>(grey / 127.5 - 1.0); }

}  // namespace settle
