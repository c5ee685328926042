// The host's side of a board's serial line: bytes in and out, the adapter's pins, and what goes wrong between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "sim/board/line/line_adapter.hpp"
#include "sim/board/line/line_faults.hpp"

namespace settle {

class LineEnd {
 public:
  /// Throws Error if `divisor16` or a rate is out of its range.
  LineEnd(int divisor16, const FaultRates& rates);

  // The host.
  /// Bytes for the board, after those that have not left yet.
  void send(const std::uint8_t* bytes, std::size_t size);
  /// Takes up to `size` bytes that came from the board; returns how many.
  std::size_t receive(std::uint8_t* bytes, std::size_t size);
  /// Bytes of send() that have not left, and bytes that receive() would find.
  std::size_t unsent() const { return to_send_.size(); }
  std::size_t received() const { return received_.size(); }
  /// Forgets what is queued and held back, both ways; what is on the line itself still arrives.
  void discard();

  // The board.
  /// The level for its next cycle.
  bool rx() const { return adapter_.rx(); }
  /// A cycle passes, in which the board drove `tx`.
  void clock(bool tx) {
    ++now_;
    if (adapter_.ready() && !(to_send_.empty() && to_board_.empty())) send_next();
    const std::optional<std::uint8_t> byte = adapter_.clock(tx);
    if (byte || !to_host_.empty()) receive_next(byte);
  }
  /// True if the board must be reset before its next cycle; to be asked every cycle.
  bool take_reset() { return faults_.take_reset(now_); }
  /// The line breaks: the host's next access must tell it so.
  bool hang_up_due() const { return faults_.hang_up_due(); }
  bool take_hang_up() { return faults_.take_hang_up(); }

  /// Nothing is queued, held back or on the line. Bytes that the host has not taken do not count.
  bool idle() const { return to_send_.empty() && to_board_.empty() && to_host_.empty() && adapter_.idle(); }
  /// Clock cycles since the last byte came or went.
  std::uint64_t quiet_cycles() const { return now_ - last_byte_; }

  // What was made of it so far.
  const LineAdapter& adapter() const { return adapter_; }
  const FaultCounts& to_board() const { return to_board_.counts(); }
  const FaultCounts& to_host() const { return to_host_.counts(); }
  const BoardFaults& faults() const { return faults_; }

 private:
  void send_next();
  void receive_next(std::optional<std::uint8_t> byte);

  LineAdapter adapter_;
  LineFaults to_board_, to_host_;
  BoardFaults faults_;
  std::deque<std::uint8_t> to_send_, received_;
  std::uint64_t now_ = 0, last_byte_ = 0;
};

}  // namespace settle
