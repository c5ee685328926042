// The layer memory's entry: where a layer's cells lie in the array, and in what shape.
#pragma once

#include <array>
#include <cstdint>

namespace settle {

/// Cell i of site (y, x) is cell first + (y * width + x) * site_cells + i.
struct LayerDescriptor {
  int first = 0;         ///< first cell
  int site_cells = 0;    ///< cells of one site
  int height = 1;        ///< rows of the grid of sites
  int width = 1;         ///< columns of it
  int columns_log2 = 0;  ///< of the torus on which a site's cells are neighbours
  int rows = 0;          ///< of the same

  int sites() const { return height * width; }
  int cells() const { return sites() * site_cells; }
};

/// The four words of the layer memory (rtl/registers.json). The caller has checked the ranges.
inline std::array<std::uint32_t, 4> encode(const LayerDescriptor& layer) {
  const auto pair = [](int upper, int lower) {
    return static_cast<std::uint32_t>(upper) << 16 | static_cast<std::uint32_t>(lower);
  };
  return {static_cast<std::uint32_t>(layer.first), static_cast<std::uint32_t>(layer.site_cells),
          pair(layer.width, layer.height), pair(layer.rows, layer.columns_log2)};
}

/// Takes over word `part`, 0 to 3.
inline void set_part(LayerDescriptor& layer, std::uint32_t part, std::uint32_t value) {
  const auto lower = static_cast<int>(value & 0xffffu), upper = static_cast<int>(value >> 16);
  switch (part) {
    case 0:
      layer.first = lower;
      break;
    case 1:
      layer.site_cells = lower;
      break;
    case 2:
      layer.height = lower;
      layer.width = upper;
      break;
    default:
      layer.columns_log2 = lower & 15;
      layer.rows = upper;
  }
}

}  // namespace settle
