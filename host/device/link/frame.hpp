// The link's frames (rtl/link/README.md), by which either end finds requests and answers among bytes: flags, escapes
// and a check around each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace settle {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kFrameCheck = 4;  ///< bytes of the check

/// The frame of `content`, flags before and after.
Bytes encode_frame(const Bytes& content);

/// Finds frames in what a line brings. Every byte sequence is taken; after a broken frame the next flag sets it right.
class FrameParser {
 public:
  enum class Found { nothing, frame, broken };

  /// `longest`: bytes of content from which on a frame is broken.
  explicit FrameParser(std::size_t longest) : longest_(longest) {}

  /// The next byte of the line. `frame`: content() is a frame's, until the next call.
  Found take(std::uint8_t byte);

  const Bytes& content() const { return content_; }

  /// A frame has been begun and not ended.
  bool inside() const { return begun_; }

  /// Forgets a frame that was begun.
  void clear();

 private:
  std::size_t longest_;
  Bytes content_;  // the check included until the frame is whole
  bool begun_ = false, escaped_ = false, too_long_ = false, whole_ = false;
};

}  // namespace settle
