// The host's end of a board's serial line, pin by pin: 8 data bits, no parity, one stop bit, low bit first. What a USB
// adapter is to a real board.
#pragma once

#include <cstdint>
#include <optional>

namespace settle {

class LineAdapter {
 public:
  /// `divisor16`: length of a bit in sixteenths of a clock cycle, kLeastDivisor16 to kMostDivisor16. Throws Error.
  explicit LineAdapter(int divisor16);

  /// True if a byte can be handed over: the one before has left, or nearly has.
  bool ready() const { return shift_ == 0; }
  /// The byte that goes next. Only if ready().
  void send(std::uint8_t byte) { shift_ = kStop | static_cast<unsigned>(byte) << 1; }

  /// The level for the board's next cycle.
  bool rx() const { return rx_; }

  /// A cycle passes, in which the board drove `tx`. A byte if one is complete with it.
  std::optional<std::uint8_t> clock(bool tx) {
    if (left_ >= 16) {
      left_ -= 16;
    } else if (shift_ != 0) {
      left_ += divisor16_ - 16;
      rx_ = (shift_ & 1) != 0;
      shift_ >>= 1;
    }
    if (until_sample_ >= 0) return sample(tx);
    if (was_ && !tx) {
      until_sample_ = divisor16_ / 2 - 16;  // the middle of the start bit
      bits_ = kFirst;
    }
    was_ = tx;
    return std::nullopt;
  }

  /// Nothing is on the line, either way.
  bool idle() const { return shift_ == 0 && left_ < 16 && until_sample_ < 0; }

  /// Bytes that came without a stop bit and were dropped.
  std::uint64_t broken() const { return broken_; }

  /// Clock cycles that a byte takes, rounded up.
  std::uint64_t byte_cycles() const { return (static_cast<std::uint64_t>(divisor16_) * 10 + 15) / 16; }

 private:
  static constexpr unsigned kStop = 0x200;   // above the start bit and the data
  static constexpr unsigned kFirst = 0x400;  // falls out at the bottom when start, data and stop have come

  std::optional<std::uint8_t> sample(bool tx);

  int divisor16_;
  // To the board.
  unsigned shift_ = 0;  // what is left to send; zeros follow the stop bit
  int left_ = 0;        // of the current bit, in sixteenths of a cycle
  bool rx_ = true;
  // From the board.
  int until_sample_ = -1;  // in sixteenths; below 0: no byte is coming
  unsigned bits_ = 0;
  bool was_ = true;
  std::uint64_t broken_ = 0;
};

}  // namespace settle
