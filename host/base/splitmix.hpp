// Pseudo-random integers that are the same on every machine and with every C++ library.
#pragma once

#include <cstdint>

namespace settle {

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): 64 bits a call from a 64-bit state, any seed is good.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  /// The next 64 bits.
  std::uint64_t next();

  /// A number in 0 .. bound - 1, each equally likely. `bound` is at least 1.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::uint64_t state_;
};

}  // namespace settle
