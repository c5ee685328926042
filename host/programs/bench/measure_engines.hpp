// Times every engine on the same array, alternately, and holds their states against each other.
#pragma once

#include <cstdint>
#include <string>

#include "contract/configuration/configuration.hpp"
#include "device/engine_names.hpp"
#include "sim/bench_array/measurement.hpp"

namespace settle {

/// What is measured.
struct BenchOptions {
  std::string out = "out/bench";  ///< folder for Icarus' files and the results
  std::uint64_t seed = 1;
  int runs = 5;        ///< of each engine
  bool quick = false;  ///< few steps: whether the engines agree; their speeds mean nothing
};

/// Samples of every engine, one for each run.
struct BenchResults {
  Measurement icarus{"Icarus", "cycles/s", {}};
  Measurement verilated{"verilated", "cycles/s", {}};
  Measurement verilated_cells{"verilated", "cell updates/s", {}};
  Measurement model_cells{kModelEngine, "cell updates/s", {}};
  Measurement ensemble_cells{kEnsembleEngine, "cell updates/s", {}};
  Measurement ensemble_pair{"ensemble, 2 threads", "cell updates/s by the clock on the wall", {}};
  Measurement ensemble_alone{"ensemble, 1 thread", "cell updates/s by the clock on the wall", {}};
  std::string instructions;    ///< of the ensemble engine
  double cycles_per_step = 0;  ///< of the verilated array

  double verilated_over_icarus() const { return verilated.median() / icarus.median(); }
  double model_over_verilated() const { return model_cells.median() / verilated_cells.median(); }
  double two_threads_over_one() const { return ensemble_pair.median() / ensemble_alone.median(); }
  double ensemble_over_model() const { return ensemble_cells.median() / model_cells.median(); }
};

/// Measures `options.runs` runs. Throws Error if an engine ends in other states than the model, or if the array
/// saturates; Stopped if a signal asked for the end.
BenchResults measure_engines(const Configuration& configuration, const BenchOptions& options);

}  // namespace settle
