// The board, whichever way it is simulated, and who speaks to it.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/board/line/board_line.hpp"
#include "sim/board/ports/clients.hpp"
#include "sim/board/systemc/board_options.hpp"
#include "sim/board/systemc/busy_light.hpp"
#include "sim/board/systemc/per_cycle_board.hpp"
#include "sim/board/systemc/quantum_board.hpp"

namespace settle {

/// One per process, as SystemC's kernel is.
class Simulation {
 public:
  /// `options` outlives this. Throws Error if this build has no such board, a rate is out of its range or a port cannot
  /// be opened.
  explicit Simulation(const BoardOptions& options);

  /// Prints where hosts find the board and serves them until a signal asks for the end; then writes the faults. Returns
  /// an exit status. Throws Error if a file cannot be written or a port is lost.
  int run();

  /// Measures the speed (bench.hpp). Returns an exit status. Throws as bench_board.
  int bench();

 private:
  LineEnd& line() { return per_cycle_ ? *line_ : board_->host(); }
  bool busy() const { return per_cycle_ ? per_cycle_->busy() : board_->board().busy(); }
  std::uint64_t cycles() const { return per_cycle_ ? per_cycle_->cycles() : board_->board().cycles(); }
  bool asleep();
  /// False when it is to end. As long as nothing can happen on the board no time passes.
  bool after_quantum();

  const BoardOptions& options_;
  BusyLight light_;
  Clients clients_;
  // One of these pairs.
  std::unique_ptr<BoardLine> board_;
  std::unique_ptr<QuantumBoard> quantum_;
  std::unique_ptr<LineEnd> line_;
  std::unique_ptr<PerCycleBoard> per_cycle_;
};

}  // namespace settle
