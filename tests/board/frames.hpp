// Frames of the host link by hand, apart from the host's own code: rtl/link/README.md says what they hold.
#pragma once

#include <cstdint>
#include <vector>

namespace settle_test {

using Bytes = std::vector<std::uint8_t>;

inline std::uint32_t check_of(const Bytes& content) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : content) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

inline Bytes frame(Bytes content) {
  const std::uint32_t check = check_of(content);
  for (int i = 0; i < 4; ++i) content.push_back(static_cast<std::uint8_t>(check >> 8 * i));
  Bytes line = {0x7e};
  for (const std::uint8_t byte : content) {
    const bool special = byte == 0x7d || byte == 0x7e;
    if (special) line.push_back(0x7d);
    line.push_back(special ? static_cast<std::uint8_t>(byte ^ 0x20) : byte);
  }
  line.push_back(0x7e);
  return line;
}

/// The contents of the whole frames in `line` whose check holds, in order.
inline std::vector<Bytes> contents(const Bytes& line) {
  std::vector<Bytes> frames;
  Bytes content;
  bool escaped = false;
  for (const std::uint8_t byte : line) {
    if (byte == 0x7e) {
      if (content.size() > 4) {
        std::uint32_t check = 0;
        for (int i = 0; i < 4; ++i) check |= static_cast<std::uint32_t>(content[content.size() - 4 + i]) << 8 * i;
        content.resize(content.size() - 4);
        if (check == check_of(content)) frames.push_back(content);
      }
      content.clear();
    } else if (byte != 0x7d) {
      content.push_back(escaped ? static_cast<std::uint8_t>(byte ^ 0x20) : byte);
    }
    escaped = byte == 0x7d;
  }
  return frames;
}

inline Bytes joined(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// Requests that the tests make, and the answers to them.
inline Bytes sync_request(std::uint8_t number) { return frame({number, 0x10, 0, 0, 0, 0x7e, 0x7d, 1, 2}); }
inline Bytes sync_answer(std::uint8_t number) { return {number, 0x7e, 0x7d, 1, 2, 0}; }
inline Bytes read_magic_request(std::uint8_t number) { return frame({number, 0x33, 0, 0, 0, 0}); }
inline Bytes read_magic_answer(std::uint8_t number) { return {number, 0x31, 0x54, 0x45, 0x53, 0}; }

}  // namespace settle_test
