// What goes wrong on a line and at its ends, on purpose: by rates and a seed, so that it goes wrong again in the same
// way.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>

namespace settle {

/// How often. A rate of a byte is a probability, 0 to 1, for each byte in each direction.
struct FaultRates {
  double drop = 0;    ///< the byte is lost
  double flip = 0;    ///< one of its bits, any, is flipped
  double repeat = 0;  ///< it comes twice
  double delay = 0;   ///< it is held back, and with it those after it: the order is kept
  /// Clock cycles that a byte is held back at most, at least 1; 2000 are 83 microseconds of the nominal clock.
  std::uint64_t most_delay = 2000;

  double reset = 0;                 ///< resets of the board, on average, per second of simulated time
  std::uint64_t reset_after = 0;    ///< one more reset when so many bytes have gone, both directions added; 0: none
  double hang_up = 0;               ///< probability, for each byte, that the line is closed after it
  std::uint64_t hang_up_after = 0;  ///< it is closed once when so many bytes have gone; 0: not

  std::uint64_t seed = 1;

  /// Throws Error naming the field and its range.
  void check() const;
};

struct FaultCounts {
  std::uint64_t bytes = 0;  ///< that came; those that are sent twice count once
  std::uint64_t dropped = 0, flipped = 0, repeated = 0, delayed = 0;
};

/// Random numbers that are the same on every machine.
class FaultRandom {
 public:
  /// `stream`: streams of one seed have nothing in common.
  FaultRandom(std::uint64_t seed, std::uint32_t stream);
  /// 0 <= x < 1.
  double uniform() { return static_cast<double>(generator_() >> 11) * 0x1p-53; }
  /// True with this probability; always takes one number.
  bool chance(double probability) { return uniform() < probability; }
  /// 0 <= n < bound.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>(uniform() * static_cast<double>(bound));
  }

 private:
  std::mt19937_64 generator_;
};

/// One direction of a line: bytes go in at one time, in clock cycles, and come out at it or later.
class LineFaults {
 public:
  /// `direction`: any number; directions of one seed differ.
  LineFaults(const FaultRates& rates, std::uint32_t direction);

  /// A byte goes in at `now`, in clock cycles. Times must not run back.
  void push(std::uint8_t byte, std::uint64_t now);
  /// The next byte, if its time has come.
  std::optional<std::uint8_t> pop(std::uint64_t now) {
    if (held_.empty() || held_.front().due > now) return std::nullopt;
    const std::uint8_t byte = held_.front().byte;
    held_.pop_front();
    return byte;
  }
  bool empty() const { return held_.empty(); }
  /// Loses what is held back; it counts as it was.
  void discard() { held_.clear(); }

  const FaultCounts& counts() const { return counts_; }

 private:
  struct Held {
    std::uint8_t byte;
    std::uint64_t due;
  };

  FaultRates rates_;
  FaultRandom random_;
  std::deque<Held> held_;
  std::uint64_t last_due_ = 0;
  FaultCounts counts_;
};

/// Resets of the board and hang-ups of the line.
class BoardFaults {
 public:
  explicit BoardFaults(const FaultRates& rates);

  /// To be told of every byte that goes, either way.
  void byte();
  /// True if the board is to be reset now; `now` in clock cycles.
  bool take_reset(std::uint64_t now) { return (reset_due_ || now >= next_reset_) && reset(now); }
  /// True if the line is to be closed now.
  bool take_hang_up() {
    const bool due = hang_up_due_;
    hang_up_due_ = false;
    hang_ups_ += due ? 1 : 0;
    return due;
  }
  /// The same without taking it.
  bool hang_up_due() const { return hang_up_due_; }

  std::uint64_t resets() const { return resets_; }
  std::uint64_t hang_ups() const { return hang_ups_; }

 private:
  bool reset(std::uint64_t now);
  void plan_reset(std::uint64_t now);

  FaultRates rates_;
  FaultRandom random_;
  std::uint64_t bytes_ = 0;
  std::uint64_t next_reset_;
  bool reset_due_ = false, hang_up_due_ = false;
  std::uint64_t resets_ = 0, hang_ups_ = 0;
};

}  // namespace settle
