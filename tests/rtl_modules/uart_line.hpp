// A serial line in time, as a peer with a clock of its own drives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rtl_modules/bench.hpp"

namespace settle::testing {

/// Clock cycles of a bit.
constexpr double bit_cycles(int divisor16) { return divisor16 / 16.0; }

/// Levels of a line, put together first and looked at later, cycle by cycle.
class Waveform {
 public:
  /// Idle at first, so that the idle line begins anywhere in a cycle.
  explicit Waveform(double idle) { add(true, idle); }

  void add(bool level, double cycles) {
    end_ += cycles;
    spans_.push_back({end_, level});
  }

  /// 8N1, `bit` cycles per bit; the stop bit lasts `stops` bits.
  void add_byte(std::uint8_t byte, double bit, double stops = 1) {
    add(false, bit);
    for (int i = 0; i < 8; ++i) add(((byte >> i) & 1) != 0, bit);
    if (stops > 0) add(true, stops * bit);
  }

  /// The level a cycle later than at the last call; idle after the end.
  bool next() {
    while (at_ < spans_.size() && spans_[at_].end <= now_) ++at_;
    now_ += 1;
    return at_ == spans_.size() || spans_[at_].level;
  }

  bool ended() const { return at_ == spans_.size(); }

 private:
  struct Span {
    double end;
    bool level;
  };
  std::vector<Span> spans_;
  double end_ = 0, now_ = 0;
  std::size_t at_ = 0;
};

/// In 0 .. 1.
inline double fraction(Random& random) { return static_cast<double>(random.below(1 << 20)) / (1 << 20); }

}  // namespace settle::testing
