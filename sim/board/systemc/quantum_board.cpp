#include "sim/board/systemc/quantum_board.hpp"

#include <utility>

namespace settle {

QuantumBoard::QuantumBoard(const sc_core::sc_module_name& name, BoardLine& line, std::uint64_t quantum,
                           std::function<bool()> after)
    : sc_module(name), line_(line), quantum_(quantum), after_(std::move(after)) {
  SC_THREAD(run);
}

void QuantumBoard::run() {
  const sc_core::sc_time time = clock_period() * static_cast<double>(quantum_);
  while (true) {
    line_.run(quantum_);
    wait(time);
    if (!after_()) {
      sc_core::sc_stop();
      return;
    }
  }
}

}  // namespace settle
