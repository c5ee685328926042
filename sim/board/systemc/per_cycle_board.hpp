// A board as SystemC sees hardware: a clock, signals on the pins, and a model that Verilator made a SystemC module.
// Slow; what the fast wrapper is held against.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <systemc>

#include "sim/board/line/line_end.hpp"

namespace settle {

/// What the board does while it is simulated.
class PerCycleBoard {
 public:
  virtual ~PerCycleBoard() = default;
  virtual bool busy() const = 0;
  virtual std::uint64_t cycles() const = 0;
};

/// `line` outlives it. `quantum`: clock cycles from one call of `after` to the next; false stops the simulation. To be
/// called before the simulation begins. Throws Error if this build has no such board.
std::unique_ptr<PerCycleBoard> make_per_cycle_board(const std::string& configuration, int divisor16, LineEnd& line,
                                                    std::uint64_t quantum, std::function<bool()> after);

}  // namespace settle
