// A board and the host's end of its line, clocked together.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/board/line/line_end.hpp"
#include "sim/board/line/pin_board.hpp"

namespace settle {

class BoardLine {
 public:
  /// Throws Error if a rate is out of its range.
  BoardLine(std::unique_ptr<PinBoard> board, const FaultRates& rates);

  /// Runs for `cycles` clock cycles; with `until_byte` less, if a byte for the host is there or the line is to be
  /// closed. Resets on the way come on top. Returns the cycles that it ran for.
  std::uint64_t run(std::uint64_t cycles, bool until_byte = false);

  /// The host's end of the line, and the board at the other.
  LineEnd& host() { return host_; }
  const LineEnd& host() const { return host_; }
  PinBoard& board() { return *board_; }
  const PinBoard& board() const { return *board_; }

 private:
  std::unique_ptr<PinBoard> board_;
  LineEnd host_;
};

}  // namespace settle
