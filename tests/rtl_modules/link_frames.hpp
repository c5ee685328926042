// Frames for the link's modules: contents at random, and what a bad line makes of them.
#pragma once

#include "generated/registers.hpp"
#include "reference_frames.hpp"
#include "rtl_modules/bench.hpp"

namespace settle::testing {

using namespace settle_test;  // the reference's frames

/// Bytes of which many have to be escaped, or are what an escaped byte looks like.
inline Bytes random_content(Random& random, std::size_t size) {
  constexpr std::uint8_t special[] = {kFlag, kEscape, kFlag ^ 0x20, kEscape ^ 0x20};
  const int plain = 1 + random.below(8);
  Bytes out(size);
  for (std::uint8_t& byte : out) {
    byte = random.below(8) < plain ? static_cast<std::uint8_t>(random.next()) : special[random.below(4)];
  }
  return out;
}

/// What a bad line does to the bytes of a frame: one to three faults.
inline Bytes broken(Random& random, Bytes bytes) {
  for (int faults = random.one_in(2) ? 1 : 1 + random.below(3); faults > 0 && !bytes.empty(); --faults) {
    const auto at = bytes.begin() + random.below(static_cast<int>(bytes.size()));
    const auto any = static_cast<std::uint8_t>(random.next());
    switch (random.below(9)) {
      case 0:
      case 1:
        *at = static_cast<std::uint8_t>(*at ^ (1u << random.below(8)));
        break;
      case 2:
        *at = any;
        break;
      case 3:
        bytes.erase(at);
        break;
      case 4:
        bytes.insert(at, any);
        break;
      case 5:
        bytes.insert(at, *at);
        break;
      case 6:
        *at = random.one_in(2) ? kFlag : kEscape;
        break;
      case 7:
        bytes.insert(at, kEscape);
        break;
      default:  // given up
        bytes.erase(at, bytes.end());
        append(bytes, {kEscape, kFlag});
        break;
    }
  }
  return bytes;
}

}  // namespace settle::testing
