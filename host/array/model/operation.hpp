// One operation of the array's program, and its program word: rtl/registers.json says what each operation does and
// where its fields lie.
#pragma once

#include <array>
#include <cstdint>

#include "array/model/tap_range.hpp"
#include "generated/registers.hpp"

namespace settle {

struct Operation {
  registers::Operation code = registers::Operation::end;
  bool last = false;         ///< of its layer's update
  int gain = 0;              ///< project: words times 2^gain, -8 .. 7
  int layer = 0;             ///< index in the layer memory
  int count = 0;             ///< project, bus: words per site; neighbour: columns to the right, 0 .. columns-1
  int coefficient = 0;       ///< first word in the coefficient memory
  int word = 0;              ///< project, bus: first bus word; neighbour: rows down, 0 .. rows-1
  TapRange tap_range = {};   ///< project, bus
  bool per_site = false;     ///< layer: one field per cell, not one row that all sites share
  bool block = false;        ///< project: one set of words for each 2 x 2 block of sites
  bool mean = false;         ///< project: the sum is divided by the sites of the block of the words' site
  bool odd_rows = false;     ///< mean: blocks of the last row have one row of sites
  bool odd_columns = false;  ///< mean: blocks of the last column have one column of sites
  bool half = false;         ///< bus: the words lie on the grid of half the sides
};

/// A program word's four 32-bit parts, lowest first.
using OperationWords = std::array<std::uint32_t, 4>;

namespace operation_detail {

inline void put(OperationWords& words, registers::Field field, int value) {
  const std::uint32_t mask = field.width == 32 ? ~0u : (1u << field.width) - 1;
  words[static_cast<std::size_t>(field.low / 32)] |= (static_cast<std::uint32_t>(value) & mask) << (field.low % 32);
}

inline int get(const OperationWords& words, registers::Field field) {
  const std::uint32_t mask = field.width == 32 ? ~0u : (1u << field.width) - 1;
  return static_cast<int>(words[static_cast<std::size_t>(field.low / 32)] >> (field.low % 32) & mask);
}

inline int get_signed(const OperationWords& words, registers::Field field) {
  const int value = get(words, field);
  return value >= 1 << (field.width - 1) ? value - (1 << field.width) : value;
}

}  // namespace operation_detail

/// The program word. The caller has checked the ranges: a field that does not fit would be cut.
inline OperationWords encode(const Operation& o) {
  using operation_detail::put;
  OperationWords words{};
  put(words, registers::kField_code, static_cast<int>(o.code));
  put(words, registers::kField_last, o.last ? 1 : 0);
  put(words, registers::kField_gain, o.gain);
  put(words, registers::kField_layer, o.layer);
  put(words, registers::kField_count, o.count);
  put(words, registers::kField_coefficient, o.coefficient);
  put(words, registers::kField_word, o.word);
  put(words, registers::kField_top, o.tap_range.top);
  put(words, registers::kField_left, o.tap_range.left);
  put(words, registers::kField_height, o.tap_range.height - 1);
  put(words, registers::kField_width, o.tap_range.width - 1);
  put(words, registers::kField_per_site, o.per_site ? 1 : 0);
  put(words, registers::kField_block, o.block ? 1 : 0);
  put(words, registers::kField_mean, o.mean ? 1 : 0);
  put(words, registers::kField_odd_rows, o.odd_rows ? 1 : 0);
  put(words, registers::kField_odd_columns, o.odd_columns ? 1 : 0);
  put(words, registers::kField_half, o.half ? 1 : 0);
  return words;
}

inline Operation decode(const OperationWords& words) {
  using operation_detail::get;
  using operation_detail::get_signed;
  Operation o;
  o.code = static_cast<registers::Operation>(get(words, registers::kField_code));
  o.last = get(words, registers::kField_last) != 0;
  o.gain = get_signed(words, registers::kField_gain);
  o.layer = get(words, registers::kField_layer);
  o.count = get(words, registers::kField_count);
  o.coefficient = get(words, registers::kField_coefficient);
  o.word = get(words, registers::kField_word);
  o.tap_range = {get_signed(words, registers::kField_top), get_signed(words, registers::kField_left),
                 get(words, registers::kField_height) + 1, get(words, registers::kField_width) + 1};
  o.per_site = get(words, registers::kField_per_site) != 0;
  o.block = get(words, registers::kField_block) != 0;
  o.mean = get(words, registers::kField_mean) != 0;
  o.odd_rows = get(words, registers::kField_odd_rows) != 0;
  o.odd_columns = get(words, registers::kField_odd_columns) != 0;
  o.half = get(words, registers::kField_half) != 0;
  return o;
}

}  // namespace settle
