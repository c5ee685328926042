// How much of the bare verilated top's speed a simulated board keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/board/line/line_end.hpp"

namespace settle {

struct BoardBench {
  std::string configuration;
  int divisor16 = 0;
  std::string wrapper;                   ///< what the table calls it
  std::uint64_t cycles = 0;              ///< of a run, 1 or more
  int runs = 0;                          ///< 1 or more
  LineEnd* line = nullptr;               ///< the board that is measured: its line,
  std::function<bool()> busy;            ///< its LED,
  std::function<std::uint64_t()> clock;  ///< its cycles since power-up,
  /// and what simulates it for so many cycles or a little more; false: it was stopped.
  std::function<bool(std::uint64_t cycles)> run;
};

/// Loads both boards with the array of host/programs/bench, lets them run it, measures alternately and prints the
/// medians. Throws Error if the configuration cannot hold that array. Returns false if it was stopped: nothing is
/// printed then.
bool bench_board(const BoardBench& bench);

}  // namespace settle
