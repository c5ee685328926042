// Clocks one verilated settle_board. Included once per board, by the generated board_<key>.cpp.
#pragma once

#include <memory>

#include <verilated.h>

#include "sim/board/line/pin_board.hpp"
#include "sim/verilated/clock_cycle.hpp"

namespace settle {

template <typename Model, int Divisor16>
class VerilatedPinBoard : public PinBoard {
 public:
  explicit VerilatedPinBoard(int power_up) {
    context_.threads(1);  // as in sim/verilated_device.hpp
    context_.randReset(power_up);
    model_ = std::make_unique<Model>(&context_, "settle_board");
    model_->clk_i = 0;
    model_->eval();
    reset();
  }
  ~VerilatedPinBoard() override { model_->final(); }
  VerilatedPinBoard(const VerilatedPinBoard&) = delete;
  VerilatedPinBoard& operator=(const VerilatedPinBoard&) = delete;

  void clock(bool rx) override {
    model_->rx_i = rx ? 1 : 0;
    clock_cycle(*model_);
    ++cycles_;
  }

  bool tx() const override { return model_->tx_o != 0; }
  bool busy() const override { return model_->busy_o != 0; }

  void reset() override {
    model_->rst_i = 1;
    for (int i = 0; i < kResetCycles; ++i) clock(true);
    model_->rst_i = 0;
  }

  int divisor16() const override { return Divisor16; }
  std::uint64_t cycles() const override { return cycles_; }

 private:
  static constexpr int kResetCycles = 8;

  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::uint64_t cycles_ = 0;
};

}  // namespace settle
