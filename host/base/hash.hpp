// A small deterministic hash for the identity of configurations and files. Not for secrecy.
#pragma once

#include <cstdint>
#include <string_view>

namespace settle {

/// FNV-1a, 64 bits (Fowler, Noll, Vo; offset basis and prime as published at isthe.com/chongo/tech/comp/fnv). `hash`:
/// of the bytes before these; default: none.
constexpr std::uint64_t fnv1a64(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325u) {
  for (const char c : bytes) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

}  // namespace settle
