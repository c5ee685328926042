// Requests that the tests of boards make by hand, and the answers to them.
#pragma once

#include "reference_frames.hpp"

namespace settle_test {

/// The contents of the whole frames in `line` whose check holds, in order.
inline std::vector<Bytes> contents(const Bytes& line) {
  constexpr std::size_t kAny = 100000;
  FrameReader reader(kAny);
  std::vector<Bytes> frames;
  for (const std::uint8_t byte : line) {
    if (reader.take(byte) == FrameReader::Event::frame) frames.push_back(reader.content());
  }
  return frames;
}

inline Bytes joined(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes sync_request(std::uint8_t number) { return frame_of({number, 0x10, 0, 0, 0, 0x7e, 0x7d, 1, 2}); }
inline Bytes sync_answer(std::uint8_t number) { return {number, 0x7e, 0x7d, 1, 2, 0}; }
inline Bytes read_magic_request(std::uint8_t number) { return frame_of({number, 0x33, 0, 0, 0, 0}); }
inline Bytes read_magic_answer(std::uint8_t number) { return {number, 0x31, 0x54, 0x45, 0x53, 0}; }

}  // namespace settle_test
