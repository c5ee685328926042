#include "sim/board/line/board_line.hpp"

#include <utility>

namespace settle {

BoardLine::BoardLine(std::unique_ptr<PinBoard> board, const FaultRates& rates)
    : board_(std::move(board)), host_(board_->divisor16(), rates) {}

std::uint64_t BoardLine::run(std::uint64_t cycles, bool until_byte) {
  PinBoard& board = *board_;
  for (std::uint64_t i = 0; i < cycles; ++i) {
    if (until_byte && (host_.received() > 0 || host_.hang_up_due())) return i;
    if (host_.take_reset()) board.reset();
    board.clock(host_.rx());
    host_.clock(board.tx());
  }
  return cycles;
}

}  // namespace settle
