// Numbers that share a 32-bit word: how rtl/registers.json packs what is narrower than a word, put into words and taken
// out again. Where each one lies is generated from there (generated/registers.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace settle {

/// Some bits of one word of a record.
struct BitField {
  int word;        ///< of the record, 0 and up; 0 in a single word such as a register
  int low;         ///< lowest of its bits in that word, 0 to 31
  int width;       ///< bits, 1 to 32 - low
  bool is_signed;  ///< two's complement; else from 0 up

  /// Its bits, all ones, in place.
  constexpr std::uint32_t mask() const { return ~std::uint32_t{0} >> (32 - width) << low; }
};

/// `value` in the field's place, the other bits 0. The caller has checked the range: a value that does not fit is cut.
constexpr std::uint32_t in_place(const BitField& field, std::int64_t value) {
  return static_cast<std::uint32_t>(value) << field.low & field.mask();
}

/// The field's number in `word`.
constexpr std::int64_t value_of(const BitField& field, std::uint32_t word) {
  const auto value = static_cast<std::int64_t>((word & field.mask()) >> field.low);
  const std::int64_t range = std::int64_t{1} << field.width;
  return field.is_signed && value >= range / 2 ? value - range : value;
}

/// The same for a record of several words. The field lies in it.
template <std::size_t Words>
constexpr std::int64_t value_of(const BitField& field, const std::array<std::uint32_t, Words>& record) {
  return value_of(field, record[static_cast<std::size_t>(field.word)]);
}

/// Puts `value` where the field's bits are still 0. A value that does not fit is cut.
template <std::size_t Words>
constexpr void put(std::array<std::uint32_t, Words>& record, const BitField& field, std::int64_t value) {
  record[static_cast<std::size_t>(field.word)] |= in_place(field, value);
}

}  // namespace settle
