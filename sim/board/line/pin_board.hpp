// A whole board as its pins show it: clock, reset, serial line and LED of `settle_board`. No SystemC here: tests and
// programs clock it themselves.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace settle {

/// The clock that simulated time is counted by: microseconds and seconds of a board that only has cycles.
inline constexpr std::uint64_t kNominalHertz = 24'000'000;

/// Length of a bit of the line, in sixteenths of a clock cycle, that every build has; the least that the board takes.
inline constexpr int kLeastDivisor16 = 64;
/// The longest bit that the C++ side takes: 300 baud at 50 MHz and more.
inline constexpr int kMostDivisor16 = 1 << 22;

class PinBoard {
 public:
  virtual ~PinBoard() = default;

  /// One clock cycle with the host's line at `rx`; a line at rest is true.
  virtual void clock(bool rx) = 0;
  /// The board's line to the host after that cycle; at rest true.
  virtual bool tx() const = 0;
  /// The LED: the array runs.
  virtual bool busy() const = 0;
  /// The reset button, with the host's line at rest: eight cycles. Memories keep what they hold.
  virtual void reset() = 0;
  /// Length of a bit of the line, in sixteenths of a clock cycle.
  virtual int divisor16() const = 0;
  /// Clock cycles since power-up, those of resets included.
  virtual std::uint64_t cycles() const = 0;
};

/// A board that was verilated.
struct PinBoardKey {
  std::string configuration;
  int divisor16;
};

/// The board of a configuration, verilated, reset. `power_up`: how registers and memories look before that, 0 all
/// zeros, 1 all ones, 2 random; nothing must depend on it. Throws Error listing what this build has.
std::unique_ptr<PinBoard> make_pin_board(const std::string& configuration, int divisor16 = kLeastDivisor16,
                                         int power_up = 2);

/// What this build has, ordered.
std::vector<PinBoardKey> pin_board_keys();

}  // namespace settle
