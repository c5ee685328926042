// One verilated SystemC board on its signals. Included once per board, by the generated per_cycle_<key>.cpp.
#pragma once

#include <utility>

#include "sim/board/systemc/per_cycle_board.hpp"
#include "sim/board/systemc/quantum_board.hpp"

namespace settle {

template <typename Model>
class VerilatedPerCycleBoard : public sc_core::sc_module, public PerCycleBoard {
 public:
  SC_HAS_PROCESS(VerilatedPerCycleBoard);

  VerilatedPerCycleBoard(const sc_core::sc_module_name& name, LineEnd& line, std::uint64_t quantum,
                         std::function<bool()> after)
      : sc_module(name),
        clock_("clock", clock_period(), 0.5, clock_period()),  // all signals have come to rest before the first edge
        model_("board"),
        line_(line),
        quantum_(quantum),
        after_(std::move(after)) {
    model_.clk_i(clock_);
    model_.rst_i(rst_);
    model_.rx_i(rx_);
    model_.tx_o(tx_);
    model_.busy_o(busy_);
    rst_.write(true);
    rx_.write(true);
    SC_METHOD(on_edge);
    sensitive << clock_.posedge_event();
    dont_initialize();
  }
  ~VerilatedPerCycleBoard() override { model_.final(); }

  bool busy() const override { return busy_.read(); }
  std::uint64_t cycles() const override { return cycles_; }

 private:
  static constexpr int kResetCycles = 8;

  /// What the board drove until this edge is read; what it gets from now on, it takes at the next one.
  void on_edge() {
    ++cycles_;
    if (line_.take_reset()) reset_left_ = kResetCycles;
    const bool reset = reset_left_ > 0;
    if (reset) --reset_left_;
    rst_.write(reset);
    line_.clock(reset || tx_.read());
    rx_.write(line_.rx());
    if (cycles_ % quantum_ == 0 && !after_()) sc_core::sc_stop();
  }

  sc_core::sc_clock clock_;
  sc_core::sc_signal<bool> rst_{"rst"}, rx_{"rx"}, tx_{"tx"}, busy_{"busy"};
  Model model_;
  LineEnd& line_;
  std::uint64_t quantum_;
  std::function<bool()> after_;
  int reset_left_ = kResetCycles;
  std::uint64_t cycles_ = 0;
};

}  // namespace settle
