// A board as a SystemC module that runs ahead of the kernel: a thread clocks the verilated board for a quantum of
// cycles at a stretch, then lets that much time pass.
#pragma once

#include <cstdint>
#include <functional>

#include <systemc>

#include "sim/board/line/board_line.hpp"

namespace settle {

/// The board's clock in SystemC's time.
inline sc_core::sc_time clock_period() {
  return sc_core::sc_time(1e9 / static_cast<double>(kNominalHertz), sc_core::SC_NS);
}

class QuantumBoard : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(QuantumBoard);

  /// `line` outlives this. `quantum`: clock cycles, 1 or more. `after`: called after each quantum; false stops the
  /// simulation.
  QuantumBoard(const sc_core::sc_module_name& name, BoardLine& line, std::uint64_t quantum,
               std::function<bool()> after);

 private:
  void run();

  BoardLine& line_;
  std::uint64_t quantum_;
  std::function<bool()> after_;
};

}  // namespace settle
