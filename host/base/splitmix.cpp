#include "base/splitmix.hpp"

namespace settle {

std::uint64_t SplitMix64::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t SplitMix64::below(std::uint64_t bound) {
  // 2^64 mod bound words at the low end would favour small remainders; they are drawn again.
  const std::uint64_t unfair = (0 - bound) % bound;
  std::uint64_t word = next();
  while (word < unfair) word = next();
  return word % bound;
}

}  // namespace settle
