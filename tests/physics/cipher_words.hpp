// The uniform words behind the noise, built again from the published cipher and the counter's layout, and its inverse.
#pragma once

#include <array>
#include <cstdint>

#include "array/model/noise.hpp"

namespace settle::physics {

inline constexpr int kRounds = 16;                                        ///< of every configuration
inline constexpr std::uint64_t kLastStep = (std::uint64_t{1} << 40) - 1;  ///< of a block's counter
inline constexpr std::uint32_t kLastCell = (std::uint32_t{1} << 25) - 1;  ///< two cells per block

/// The cipher under a seed: two key words of seed, two of zero.
inline Speck64 seed_cipher(std::uint64_t seed, int rounds = kRounds) {
  return Speck64({static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), 0u, 0u}, rounds);
}

inline std::uint64_t counter_of(std::uint64_t step, std::uint32_t cell) { return (step << 24) | (cell >> 1); }

inline Speck64::Block to_block(std::uint64_t value) {
  return {static_cast<std::uint32_t>(value >> 32), static_cast<std::uint32_t>(value)};
}

inline std::uint64_t to_word(Speck64::Block block) { return (std::uint64_t{block.high} << 32) | block.low; }

inline std::uint64_t encrypt(const Speck64& cipher, std::uint64_t counter) {
  return to_word(cipher.encrypt(to_block(counter)));
}

/// Undoes encrypt(), round by round.
inline std::uint64_t decrypt(const Speck64& cipher, std::uint64_t value) {
  Speck64::Block block = to_block(value);
  for (int r = cipher.rounds() - 1; r >= 0; --r) {
    const std::uint32_t low = block.low ^ block.high;
    block.low = (low >> 3) | (low << 29);
    const std::uint32_t high = (block.high ^ cipher.keys()[static_cast<std::size_t>(r)]) - block.low;
    block.high = (high << 8) | (high >> 24);
  }
  return to_word(block);
}

}  // namespace settle::physics
