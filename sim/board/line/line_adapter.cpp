#include "sim/board/line/line_adapter.hpp"

#include "base/error.hpp"
#include "sim/board/line/pin_board.hpp"

namespace settle {

LineAdapter::LineAdapter(int divisor16) : divisor16_(divisor16) {
  if (divisor16 < kLeastDivisor16 || divisor16 > kMostDivisor16) {
    throw error("serial line: {} sixteenths of a cycle per bit; {} to {} are allowed", divisor16, kLeastDivisor16,
                kMostDivisor16);
  }
}

std::optional<std::uint8_t> LineAdapter::sample(bool tx) {
  was_ = tx;
  until_sample_ -= 16;
  if (until_sample_ >= 0) return std::nullopt;
  if (bits_ == kFirst && tx) return std::nullopt;  // a spike, no start bit; until_sample_ is below 0: at rest again
  bits_ = bits_ >> 1 | (tx ? kFirst : 0);
  if ((bits_ & 1) == 0) {
    until_sample_ += divisor16_;
    return std::nullopt;
  }
  until_sample_ = -1;
  if (!tx) {
    ++broken_;
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(bits_ >> 2);
}

}  // namespace settle
