// Clocks one verilated netlist. Included once per program, by the generated netlist_<key>.cpp.
#pragma once

#include <cstdint>
#include <memory>

#include <verilated.h>

#include "base/error.hpp"
#include "sim/board/line/pin_board.hpp"
#include "sim/verilated/clock_cycle.hpp"

namespace settle {

/// Whether the LED shines: `led_o` drives it high, `led_no` low.
template <typename Model>
auto led_of(const Model& model, int) -> decltype(model.led_o, bool()) {
  return model.led_o != 0;
}
template <typename Model>
auto led_of(const Model& model, long) -> decltype(model.led_no, bool()) {
  return model.led_no == 0;
}

template <typename Model, int Divisor16>
class VerilatedNetlistBoard : public PinBoard {
 public:
  explicit VerilatedNetlistBoard(std::uint32_t seed) {
    context_.threads(1);  // as in sim/verilated_device.hpp
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x7fffffffu));
    model_ = std::make_unique<Model>(&context_, "netlist");
    // An edge at time 0 is one that Verilator does not see.
    model_->rx_i = 1;
    model_->clk_i = 0;
    model_->eval();
    for (int i = 0; i < kPowerUpCycles; ++i) clock(true);
  }
  ~VerilatedNetlistBoard() override { model_->final(); }
  VerilatedNetlistBoard(const VerilatedNetlistBoard&) = delete;
  VerilatedNetlistBoard& operator=(const VerilatedNetlistBoard&) = delete;

  void clock(bool rx) override {
    model_->rx_i = rx ? 1 : 0;
    clock_cycle_with_falling_edge(*model_, [](int) {});
    ++cycles_;
  }

  bool tx() const override { return model_->tx_o != 0; }
  bool busy() const override { return led_of(*model_, 0); }

  /// The boards have none: only a power-up resets them.
  void reset() override { throw error("netlist: the board has no reset button"); }

  int divisor16() const override { return Divisor16; }
  std::uint64_t cycles() const override { return cycles_; }

 private:
  /// Longer than the board holds its own reset (power_on_reset).
  static constexpr int kPowerUpCycles = 2048;

  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::uint64_t cycles_ = 0;
};

}  // namespace settle
