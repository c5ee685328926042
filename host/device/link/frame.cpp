#include "device/link/frame.hpp"

#include <zlib.h>

#include "generated/registers.hpp"

namespace settle {

namespace {

using registers::kFrameEscape;
using registers::kFrameFlag;
using registers::kFrameFlip;

std::uint32_t check_of(const std::uint8_t* bytes, std::size_t size) {
  return static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(size)));
}

void append(Bytes& frame, std::uint8_t byte) {
  if (byte == kFrameFlag || byte == kFrameEscape) {
    frame.push_back(kFrameEscape);
    byte = static_cast<std::uint8_t>(byte ^ kFrameFlip);
  }
  frame.push_back(byte);
}

}  // namespace

Bytes encode_frame(const Bytes& content) {
  Bytes frame;
  frame.reserve(content.size() + content.size() / 8 + 2 * kFrameCheck);
  frame.push_back(kFrameFlag);
  for (const std::uint8_t byte : content) append(frame, byte);
  const std::uint32_t check = check_of(content.data(), content.size());
  for (std::size_t i = 0; i < kFrameCheck; ++i) append(frame, static_cast<std::uint8_t>(check >> (8 * i)));
  frame.push_back(kFrameFlag);
  return frame;
}

FrameParser::Found FrameParser::take(std::uint8_t byte) {
  if (whole_) clear();
  if (byte == kFrameFlag) {
    if (!begun_) return Found::nothing;
    bool good = !escaped_ && !too_long_ && content_.size() > kFrameCheck;
    if (good) {
      const std::size_t size = content_.size() - kFrameCheck;
      std::uint32_t check = 0;
      for (std::size_t i = 0; i < kFrameCheck; ++i) check |= std::uint32_t{content_[size + i]} << (8 * i);
      good = check == check_of(content_.data(), size);
      content_.resize(size);
    }
    whole_ = true;
    begun_ = false;
    return good ? Found::frame : Found::broken;
  }
  begun_ = true;
  if (byte == kFrameEscape) {
    escaped_ = true;
    return Found::nothing;
  }
  if (escaped_) byte = static_cast<std::uint8_t>(byte ^ kFrameFlip);
  escaped_ = false;
  if (content_.size() < longest_ + kFrameCheck) {
    content_.push_back(byte);
  } else {
    too_long_ = true;
  }
  return Found::nothing;
}

void FrameParser::clear() {
  content_.clear();
  begun_ = escaped_ = too_long_ = whole_ = false;
}

}  // namespace settle
