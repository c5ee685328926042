// Integer arithmetic as the hardware does it: rounding half up by a shift, saturation, wrap to a width.
#pragma once

#include <cstdint>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// floor(value / 2^shift + 1/2), or floor(value / 2^shift) if not `half_up`. shift 0 leaves the value.
inline std::int64_t round_shift(std::int64_t value, int shift, bool half_up = true) {
  return shift == 0 || !half_up ? value >> shift : (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

/// Nearest value of the format; `count` grows by one if that changed it.
inline std::int64_t saturate(std::int64_t value, const Format& format, std::uint32_t& count) {
  if (value > format.highest()) {
    ++count;
    return format.highest();
  }
  if (value < format.lowest()) {
    ++count;
    return format.lowest();
  }
  return value;
}

/// The lower `width` bits, sign-extended: what a register of that width holds.
inline std::int64_t wrap(std::int64_t value, int width) {
  const int unused = 64 - width;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >> unused;
}

}  // namespace settle
