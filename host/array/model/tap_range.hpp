// Which sites around its own a bus reads: the taps of a convolution.
#pragma once

namespace settle {

/// Rows and columns of the first tap, from the site, and how many of them follow: what an operation has bits for.
inline constexpr int kLeastTapOffset = -8, kMostTapOffset = 7, kMostTapSide = 16;

/// The sites that a bus, or a projection, reads for one site: a rectangle of offsets, in raster order; offset t is
/// (top + t / width, left + t % width). Offsets that lead out of the grid are left out.
struct TapRange {
  int top = 0;     ///< kLeastTapOffset .. kMostTapOffset
  int left = 0;    ///< kLeastTapOffset .. kMostTapOffset
  int height = 1;  ///< 1 .. kMostTapSide
  int width = 1;   ///< 1 .. kMostTapSide

  int taps() const { return height * width; }
};

inline bool operator==(const TapRange& a, const TapRange& b) {
  return a.top == b.top && a.left == b.left && a.height == b.height && a.width == b.width;
}

}  // namespace settle
