// A bench machine on the ensemble engine: sixteen chains.
#pragma once

#include <cstdint>
#include <vector>

#include "array/ensemble/array_block.hpp"
#include "programs/bench/bench_machine.hpp"

namespace settle {

class EnsembleRun {
 public:
  /// `noisy`: at the machine's temperature, otherwise at 0. Throws ensemble::NotProved.
  explicit EnsembleRun(const BenchMachine& machine, bool noisy = true);

  /// Makes a run from state zero, at step number zero, with cleared sums: steps that are not summed, then some that
  /// are.
  void run(std::uint32_t settle_steps, std::uint32_t window_steps);

  /// The same summed steps, one chain after the other. They leave states_alone(), and nothing else here.
  void run_alone(std::uint32_t window_steps);

  const ensemble::BlockPlan& plan() const { return *plan_; }

  /// States of chain 0 as the port would give them, [cells].
  std::vector<std::uint32_t> states() const;
  const std::vector<std::uint32_t>& states_alone() const { return states_alone_; }

  /// For each layer the mean over cells and chains of <x^2> - <x>^2 in the summed steps, physical units squared.
  std::vector<double> variances() const;

  /// What the chains had to clip, states and words.
  std::uint64_t saturated() const;

 private:
  std::shared_ptr<const FixedMachine> fixed_;
  ArrayMemories memories_;
  std::shared_ptr<const ensemble::BlockPlan> plan_;
  ensemble::ArrayBlock block_;
  std::vector<ArrayMemories> chains_;
  ensemble::SoloBlock alone_;
  std::vector<std::uint32_t> states_alone_;
};

}  // namespace settle
