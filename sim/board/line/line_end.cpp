#include "sim/board/line/line_end.hpp"

#include <algorithm>
#include <iterator>

namespace settle {

LineEnd::LineEnd(int divisor16, const FaultRates& rates)
    : adapter_(divisor16), to_board_(rates, 0), to_host_(rates, 1), faults_(rates) {}

void LineEnd::send(const std::uint8_t* bytes, std::size_t size) {
  to_send_.insert(to_send_.end(), bytes, bytes + size);
}

std::size_t LineEnd::receive(std::uint8_t* bytes, std::size_t size) {
  const std::size_t count = std::min(size, received_.size());
  const auto end = received_.begin() + static_cast<std::ptrdiff_t>(count);
  std::copy(received_.begin(), end, bytes);
  received_.erase(received_.begin(), end);
  return count;
}

void LineEnd::discard() {
  to_send_.clear();
  received_.clear();
  to_board_.discard();
  to_host_.discard();
}

void LineEnd::send_next() {
  // One byte at a time meets its fate: a byte that is held back leaves a gap on the line.
  if (to_board_.empty()) {
    to_board_.push(to_send_.front(), now_);
    to_send_.pop_front();
    faults_.byte();
  }
  if (const auto byte = to_board_.pop(now_)) {
    adapter_.send(*byte);
    last_byte_ = now_;
  }
}

void LineEnd::receive_next(std::optional<std::uint8_t> byte) {
  if (byte) {
    to_host_.push(*byte, now_);
    faults_.byte();
    last_byte_ = now_;
  }
  while (const auto next = to_host_.pop(now_)) received_.push_back(*next);
}

}  // namespace settle
