// Frames as rtl/link/README.md has them, made and read apart from the host's own code: what both sides of the link are
// compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/crc.hpp>

namespace settle_test {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kFlag = 0x7e, kEscape = 0x7d;
constexpr std::size_t kCheckBytes = 4;

inline std::uint32_t check_of(const std::uint8_t* bytes, std::size_t size) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes, size);
  return crc.checksum();
}

/// Content and check, with nothing escaped.
inline Bytes with_check(Bytes content) {
  const std::uint32_t check = check_of(content.data(), content.size());
  for (std::size_t i = 0; i < kCheckBytes; ++i) content.push_back(static_cast<std::uint8_t>(check >> (8 * i)));
  return content;
}

/// As between two flags.
inline Bytes escaped(const Bytes& bytes) {
  Bytes out;
  for (const std::uint8_t byte : bytes) {
    const bool special = byte == kFlag || byte == kEscape;
    if (special) out.push_back(kEscape);
    out.push_back(special ? static_cast<std::uint8_t>(byte ^ 0x20) : byte);
  }
  return out;
}

/// Content of a request: number, kind and address at least.
constexpr std::size_t kShortestRequest = 5;

inline void append(Bytes& to, const Bytes& bytes) {
  for (const std::uint8_t byte : bytes) to.push_back(byte);
}

/// A whole frame with both its flags.
inline Bytes frame_of(const Bytes& content) {
  Bytes out = {kFlag};
  append(out, escaped(with_check(content)));
  out.push_back(kFlag);
  return out;
}

/// Takes frames out of a line's bytes.
class FrameReader {
 public:
  enum class Event { none, frame, broken };

  /// Frames with less or more content are broken.
  explicit FrameReader(std::size_t longest, std::size_t shortest = 1) : longest_(longest), shortest_(shortest) {}

  Event take(std::uint8_t byte) {
    if (byte != kFlag) {
      begun_ = true;
      if (byte != kEscape) bytes_.push_back(escape_ ? static_cast<std::uint8_t>(byte ^ 0x20) : byte);
      escape_ = byte == kEscape;
      return Event::none;
    }
    if (!begun_) return Event::none;
    const bool good =
        !escape_ && !spoilt_ && bytes_.size() >= kCheckBytes + shortest_ && size() <= longest_ && check_holds();
    content_.swap(bytes_);
    if (good) content_.resize(content_.size() - kCheckBytes);
    restart();
    return good ? Event::frame : Event::broken;
  }

  /// What has come of the current frame is forgotten.
  void restart() {
    bytes_.clear();
    begun_ = escape_ = spoilt_ = false;
  }

  /// The current frame, once it ends, is broken whatever else it holds.
  void spoil() { spoilt_ = true; }

  bool begun() const { return begun_; }
  /// Bytes of the current frame, its check's included.
  std::size_t taken() const { return bytes_.size(); }
  /// Of the last good frame.
  const Bytes& content() const { return content_; }

 private:
  std::size_t size() const { return bytes_.size() - kCheckBytes; }

  bool check_holds() const {
    const std::uint32_t check = check_of(bytes_.data(), size());
    for (std::size_t i = 0; i < kCheckBytes; ++i) {
      if (bytes_[size() + i] != static_cast<std::uint8_t>(check >> (8 * i))) return false;
    }
    return true;
  }

  std::size_t longest_, shortest_;
  Bytes bytes_, content_;
  bool begun_ = false, escape_ = false, spoilt_ = false;
};

}  // namespace settle_test
