// The array's program words: rtl/registers.json says what each operation does and where its fields lie.
#pragma once

#include <cstdint>

#include "generated/registers.hpp"

namespace settle {

struct Operation {
  registers::Operation code = registers::Operation::end;
  bool last = false;    ///< of its layer's update
  int gain = 0;         ///< project: words times 2^gain, -8 .. 7
  int layer = 0;        ///< index in the layer memory
  int count = 0;        ///< project, bus: words; neighbour: columns to the right, 0 .. columns-1
  int coefficient = 0;  ///< first word in the coefficient memory
  int word = 0;         ///< project, bus: first bus word; neighbour: rows down, 0 .. rows-1
};

namespace operation_detail {

inline std::uint64_t put(registers::Field field, int value) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(value)) & ((std::uint64_t{1} << field.width) - 1))
         << field.low;
}

inline int get(registers::Field field, std::uint64_t word) {
  return static_cast<int>((word >> field.low) & ((std::uint64_t{1} << field.width) - 1));
}

}  // namespace operation_detail

/// 64-bit program word. The caller has checked the ranges: a field that does not fit would be cut.
inline std::uint64_t encode(const Operation& o) {
  using operation_detail::put;
  return put(registers::kField_code, static_cast<int>(o.code)) | put(registers::kField_last, o.last ? 1 : 0) |
         put(registers::kField_gain, o.gain) | put(registers::kField_layer, o.layer) |
         put(registers::kField_count, o.count) | put(registers::kField_coefficient, o.coefficient) |
         put(registers::kField_word, o.word);
}

inline Operation decode(std::uint64_t word) {
  using operation_detail::get;
  Operation o;
  o.code = static_cast<registers::Operation>(get(registers::kField_code, word));
  o.last = get(registers::kField_last, word) != 0;
  o.gain = get(registers::kField_gain, word);
  if (o.gain >= 1 << (registers::kField_gain.width - 1)) o.gain -= 1 << registers::kField_gain.width;
  o.layer = get(registers::kField_layer, word);
  o.count = get(registers::kField_count, word);
  o.coefficient = get(registers::kField_coefficient, word);
  o.word = get(registers::kField_word, word);
  return o;
}

}  // namespace settle
