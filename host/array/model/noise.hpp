// The array's noise: a unit normal sample as a function of (seed, step, cell) alone.
//
// SPECK64/128 (Beaulieu et al., "The SIMON and SPECK families of lightweight block ciphers", 2013) in counter mode,
// with a configurable number of rounds (27 is the published cipher). Block = step in bits 63:24, cell / 2 in bits 23:0;
// key = the 64-bit seed below 64 zero bits. The upper half of the result serves even cells, the lower half odd ones.
// Each seed is a permutation of all 2^64 blocks: no block repeats within a seed. The array knows no seed: it takes the
// round keys.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "contract/configuration/gaussian.hpp"

namespace settle {

/// The block cipher behind the noise.
class Speck64 {
 public:
  static constexpr int kMaxRounds = 27;

  /// The key schedule for key words k[0] (lowest) to k[3]; `rounds` 1 to 27, or an Error.
  Speck64(const std::array<std::uint32_t, 4>& key, int rounds);
  /// With these round keys, one per round; 1 to 27 of them, or an Error.
  explicit Speck64(const std::vector<std::uint32_t>& round_keys);

  struct Block {
    std::uint32_t high;
    std::uint32_t low;
  };

  /// One block through all rounds.
  Block encrypt(Block block) const {
    for (int i = 0; i < rounds_; ++i) {
      block.high = (rotate_right(block.high, 8) + block.low) ^ keys_[static_cast<std::size_t>(i)];
      block.low = rotate_left(block.low, 3) ^ block.high;
    }
    return block;
  }

  int rounds() const { return rounds_; }
  const std::array<std::uint32_t, kMaxRounds>& keys() const { return keys_; }

 private:
  static std::uint32_t rotate_right(std::uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }
  static std::uint32_t rotate_left(std::uint32_t x, int n) { return (x << n) | (x >> (32 - n)); }

  int rounds_;
  std::array<std::uint32_t, kMaxRounds> keys_{};
};

/// Round keys of the noise under `seed`, [rounds], in the order of the rounds: what the array's memory noise_key takes.
/// `rounds` 1 to 27, or an Error.
std::vector<std::uint32_t> noise_keys(std::uint64_t seed, int rounds);

/// Unit normal samples under one seed.
class Noise {
 public:
  /// `rounds`: of the cipher, 8 to 27. `fraction`: bits after the point that a sample uses, 1 to 12.
  Noise(std::uint64_t seed, int rounds, int fraction = kNoiseFraction);
  /// The same under round keys, one per round.
  explicit Noise(const std::vector<std::uint32_t>& round_keys, int fraction = kNoiseFraction);

  /// Sample of one cell at one step, in units of 2^-12; the bits below `fraction` are 0. step < 2^40, cell < 2^25.
  std::int32_t sample(std::uint64_t step, std::uint32_t cell) const;

  /// Samples of cells 0 .. count-1 at `step` into `out`, the same values as sample().
  void fill(std::uint64_t step, int count, std::int16_t* out) const;

 private:
  Speck64 cipher_;
  int drop_;  ///< bits of a sample that stay 0
};

}  // namespace settle
