// From 32 uniform bits to a unit normal sample: the definition that rtl/noise_gaussian.sv implements.
#pragma once

#include <cstdint>

namespace settle {

constexpr int kNoiseFraction = 12;  ///< fraction bits of a sample

/// Where a magnitude lies in the table: between knot and knot + 1, `fraction` 2048ths of the way.
struct GaussianAddress {
  int knot = 0;
  int fraction = 0;
};

/// `magnitude`: the lower 31 bits of the uniform word. Octave by its leading zeros (0 and 1 share the last one), then
/// three bits choose the piece and eleven the fraction; both count downwards, since the sample grows as v falls.
inline GaussianAddress gaussian_address(std::uint32_t magnitude) {
  int zeros = 0;
  std::uint32_t w = magnitude << 1;
  if (magnitude == 0) {
    zeros = 30;
  } else {
    zeros = __builtin_clz(w);
    w <<= zeros;
  }
  const int piece = static_cast<int>(~(w >> 28) & 7u);
  const int fraction = static_cast<int>(~(w >> 17) & 2047u);
  return {zeros * 8 + piece, fraction};
}

/// |sample| in 2^-12: interpolates the table (units of 2^-13, and of 2^-24 with the 11 bits of the fraction), rounds
/// half up; the lowest `drop` bits (0 to 11) are rounded off and stay 0.
inline std::int32_t gaussian_magnitude(const std::uint16_t* table, GaussianAddress address, int drop = 0) {
  const std::int32_t here = table[address.knot];
  const std::int32_t rise = table[address.knot + 1] - here;
  const int below = 12 + drop;
  return (((here << 11) + rise * address.fraction + (1 << (below - 1))) >> below) << drop;
}

/// A sample, 12 fraction bits, from 32 uniform bits: bit 31 is the sign, so the distribution is exactly symmetric.
inline std::int32_t gaussian_sample(const std::uint16_t* table, std::uint32_t uniform, int drop = 0) {
  const std::int32_t magnitude = gaussian_magnitude(table, gaussian_address(uniform & 0x7fffffffu), drop);
  return (uniform >> 31) != 0 ? -magnitude : magnitude;
}

}  // namespace settle
