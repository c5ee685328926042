// Small deterministic hashes: for identity of configurations and files, and for deriving seeds. Not for secrecy.
#pragma once

#include <cstdint>
#include <string_view>

namespace settle {

/// FNV-1a, 64 bits (Fowler, Noll, Vo; offset basis and prime as published at isthe.com/chongo/tech/comp/fnv).
constexpr std::uint64_t fnv1a64(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

/// SplitMix64's output function (Steele, Lea, Flood 2014): a bijection of 64 bits.
constexpr std::uint64_t mix64(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

}  // namespace settle
