// The layer memory's entry: where a layer's cells lie in the array, and in what shape.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bit_field.hpp"
#include "generated/registers.hpp"

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

/// A layer's words in the layer memory, low one first.
using LayerWords = std::array<std::uint32_t, registers::kLayerWords>;

/// The layer's words. The caller has checked the ranges: a field that does not fit would be cut.
inline LayerWords encode(const LayerDescriptor& layer) {
  LayerWords words{};
  put(words, registers::kLayerFirst, layer.first);
  put(words, registers::kLayerSiteCells, layer.site_cells);
  put(words, registers::kLayerHeight, layer.height);
  put(words, registers::kLayerWidth, layer.width);
  put(words, registers::kLayerColumnsLog2, layer.columns_log2);
  put(words, registers::kLayerRows, layer.rows);
  return words;
}

/// Takes over word `word` of the layer's words, 0 to kLayerWords - 1.
inline void set_word(LayerDescriptor& layer, std::size_t word, std::uint32_t value) {
  LayerWords words = encode(layer);
  words.at(word) = value;
  const auto get = [&](const BitField& field) { return static_cast<int>(value_of(field, words)); };
  layer = {get(registers::kLayerFirst), get(registers::kLayerSiteCells),   get(registers::kLayerHeight),
           get(registers::kLayerWidth), get(registers::kLayerColumnsLog2), get(registers::kLayerRows)};
}

}  // namespace settle
