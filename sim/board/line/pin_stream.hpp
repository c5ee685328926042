// The pipe to a board that is simulated in the same process: time passes on its pins only while a host reads.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "device/link/byte_stream.hpp"
#include "device/link/link_client.hpp"
#include "sim/board/line/board_line.hpp"

namespace settle {

/// How long a host waits for such a board, in its simulated time, and how often it asks.
inline LinkTimes pin_times() { return {std::chrono::milliseconds(200), 8}; }

class PinStream : public ByteStream {
 public:
  /// Throws Error if a rate is out of its range.
  explicit PinStream(std::unique_ptr<PinBoard> board, const FaultRates& rates = {});

  const std::string& name() const override { return name_; }

  /// Queues the bytes: they leave while read() runs. Throws DeviceLost if the line was closed (FaultRates::hang_up).
  void write(const std::uint8_t* bytes, std::size_t size) override;

  /// Runs the board until a byte is there, or for `patience` of kNominalHertz. With no patience no time passes. Throws
  /// DeviceLost if the line is closed.
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override;

  std::chrono::microseconds now() const override;
  /// 200 microseconds of simulated time, the longest that a byte can be held back if any is, and what the bytes take
  /// that were written and have not left yet.
  std::chrono::microseconds silence() const override;

  /// Lets everything that is under way arrive, and forgets it.
  void reopen() override;

  /// The board as it stands, for tests: its reset, its cycles.
  BoardLine& line() { return line_; }

 private:
  BoardLine line_;
  std::string name_ = "pins";
  std::chrono::microseconds silence_;
  bool closed_ = false;
};

}  // namespace settle
