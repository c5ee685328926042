// Pseudo-random integers that are the same on every machine and with every C++ library: seeds derived from seeds,
// tests' inputs, shuffles. Not for secrecy.
//
// All of it is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a counter in steps of kSplitMixStep, each of its values
// put through one bijection.
#pragma once

#include <cstdint>

namespace settle {

inline constexpr std::uint64_t kSplitMixStep = 0x9e3779b97f4a7c15u;  ///< 2^64 / golden ratio

/// A bijection of 64 bits in which every input bit reaches every output bit; 0 stays 0.
constexpr std::uint64_t splitmix_bijection(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

/// The first output from the seed `value`: again a bijection, for deriving one seed from another.
constexpr std::uint64_t mix64(std::uint64_t value) { return splitmix_bijection(value + kSplitMixStep); }

/// A sequence: 64 bits per call from a 64-bit state, any seed is good.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  /// The next 64 bits.
  std::uint64_t next() { return splitmix_bijection(state_ += kSplitMixStep); }

  /// A number in 0 .. bound - 1, each equally likely. `bound` is at least 1.
  std::uint64_t below(std::uint64_t bound) {
    // 2^64 mod bound words at the low end would favour small remainders; they are drawn again.
    const std::uint64_t unfair = (0 - bound) % bound;
    std::uint64_t word = next();
    while (word < unfair) word = next();
    return word % bound;
  }

 private:
  std::uint64_t state_;
};

}  // namespace settle
