// A board without an array: what comes in on the line goes out again, byte by byte.
#pragma once

#include <cstdint>
#include <deque>

#include "sim/board/line/line_adapter.hpp"
#include "sim/board/line/pin_board.hpp"

namespace settle_test {

/// Its UART is the adapter turned round, so it must be held against verilated ones too.
class EchoBoard : public settle::PinBoard {
 public:
  explicit EchoBoard(int divisor16) : divisor16_(divisor16), line_(divisor16) {}

  void clock(bool rx) override {
    if (line_.ready() && !bytes_.empty()) {
      line_.send(bytes_.front());
      bytes_.pop_front();
    }
    tx_ = line_.rx();
    if (const auto byte = line_.clock(rx)) bytes_.push_back(*byte);
    ++cycles_;
  }
  bool tx() const override { return tx_; }
  bool busy() const override { return false; }
  void reset() override {
    bytes_.clear();
    line_ = settle::LineAdapter(divisor16_);
    ++resets;
  }
  int divisor16() const override { return divisor16_; }
  std::uint64_t cycles() const override { return cycles_; }

  int resets = 0;

 private:
  int divisor16_;
  settle::LineAdapter line_;
  std::deque<std::uint8_t> bytes_;
  bool tx_ = true;
  std::uint64_t cycles_ = 0;
};

}  // namespace settle_test
