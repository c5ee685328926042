// One machine on the engines without a clock: model, ensemble engine on one core and on two, float32 programs; and what
// bounds the ensemble engine there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "array/model/array_model.hpp"
#include "programs/bench/bench_machine.hpp"
#include "programs/bench/bench_results.hpp"
#include "programs/bench/ensemble_run.hpp"
#include "programs/bench/float_program.hpp"

namespace settle {

class MachineBench {
 public:
  /// `steps`: of a run of model and ensemble; `batches`: as FloatProgram::tune takes them. Tunes and checks the float32
  /// programs, of which there is Eigen's only for machines of linear layers of one site. Throws Error if one of them
  /// settles another machine.
  MachineBench(BenchMachine machine, std::uint32_t steps, const std::string& batches, const BenchOptions& options);

  /// One run of each. `results` has the run's limits already. Throws Error if the ensemble engine's states are not the
  /// model's.
  void measure(BenchResults& results);

  const ensemble::BlockPlan& plan() const { return ensembles_.front().plan(); }

 private:
  void measure_ensemble(BenchResults& results, BenchWork& work);
  double rate_of(std::size_t threads);

  BenchMachine machine_;
  std::uint32_t steps_;
  double float_seconds_;
  ArrayModel model_;
  ArrayMemories start_;                 ///< of the model's run
  std::vector<EnsembleRun> ensembles_;  ///< one per thread
  std::optional<bool> alone_;           ///< one chain after the other was faster in the first run
  std::vector<FloatProgram> programs_;
};

}  // namespace settle
