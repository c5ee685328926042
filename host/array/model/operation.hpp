// What the array does in a step, as operations and as the words of its program memory: rtl/registers.json says what
// each operation does and where its fields lie.
#pragma once

#include <array>
#include <cstdint>

#include "array/model/tap_range.hpp"
#include "base/bit_field.hpp"
#include "generated/registers.hpp"

namespace settle {

// The fields hold every tap range, and no more.
static_assert(registers::kOperationTop.is_signed && registers::kOperationLeft.is_signed);
static_assert(kLeastTapOffset == -(1 << (registers::kOperationTop.width - 1)) &&
              kMostTapOffset == -1 - kLeastTapOffset);
static_assert(kMostTapSide == 1 << registers::kOperationHeight.width);
static_assert(registers::kOperationLeft.width == registers::kOperationTop.width);
static_assert(registers::kOperationWidth.width == registers::kOperationHeight.width);

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
  bool block = false;        ///< project: one set of words per 2 x 2 block of sites
  bool mean = false;         ///< project: the sum is divided by the sites of the block of the words' site
  bool odd_rows = false;     ///< mean: blocks of the last row have one row of sites
  bool odd_columns = false;  ///< mean: blocks of the last column have one column of sites
  bool half = false;         ///< bus: the words lie on the grid of half the sides
};

/// An operation's words in the program memory, low one first.
using OperationWords = std::array<std::uint32_t, registers::kOperationWords>;

/// The operation's words. The caller has checked the ranges: a field that does not fit would be cut.
inline OperationWords encode(const Operation& o) {
  OperationWords words{};
  put(words, registers::kOperationCode, static_cast<int>(o.code));
  put(words, registers::kOperationLast, o.last ? 1 : 0);
  put(words, registers::kOperationGain, o.gain);
  put(words, registers::kOperationLayer, o.layer);
  put(words, registers::kOperationCount, o.count);
  put(words, registers::kOperationCoefficient, o.coefficient);
  put(words, registers::kOperationWord, o.word);
  put(words, registers::kOperationTop, o.tap_range.top);
  put(words, registers::kOperationLeft, o.tap_range.left);
  put(words, registers::kOperationHeight, o.tap_range.height - 1);
  put(words, registers::kOperationWidth, o.tap_range.width - 1);
  put(words, registers::kOperationPerSite, o.per_site ? 1 : 0);
  put(words, registers::kOperationBlock, o.block ? 1 : 0);
  put(words, registers::kOperationMean, o.mean ? 1 : 0);
  put(words, registers::kOperationOddRows, o.odd_rows ? 1 : 0);
  put(words, registers::kOperationOddColumns, o.odd_columns ? 1 : 0);
  put(words, registers::kOperationHalf, o.half ? 1 : 0);
  return words;
}

/// The operation of these words.
inline Operation decode(const OperationWords& words) {
  const auto get = [&](const BitField& field) { return static_cast<int>(value_of(field, words)); };
  Operation o;
  o.code = static_cast<registers::Operation>(get(registers::kOperationCode));
  o.last = get(registers::kOperationLast) != 0;
  o.gain = get(registers::kOperationGain);
  o.layer = get(registers::kOperationLayer);
  o.count = get(registers::kOperationCount);
  o.coefficient = get(registers::kOperationCoefficient);
  o.word = get(registers::kOperationWord);
  o.tap_range = {get(registers::kOperationTop), get(registers::kOperationLeft), get(registers::kOperationHeight) + 1,
                 get(registers::kOperationWidth) + 1};
  o.per_site = get(registers::kOperationPerSite) != 0;
  o.block = get(registers::kOperationBlock) != 0;
  o.mean = get(registers::kOperationMean) != 0;
  o.odd_rows = get(registers::kOperationOddRows) != 0;
  o.odd_columns = get(registers::kOperationOddColumns) != 0;
  o.half = get(registers::kOperationHalf) != 0;
  return o;
}

}  // namespace settle
