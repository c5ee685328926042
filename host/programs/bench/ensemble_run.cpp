#include "programs/bench/ensemble_run.hpp"

#include <limits>
#include <memory>

#include "array/model/noise.hpp"
#include "sim/bench_array/bench_array.hpp"

namespace settle {

EnsembleRun::EnsembleRun(const ModelDevice& loaded)
    : memories_(loaded.model().memories()),
      block_(std::make_shared<const ensemble::BlockPlan>(loaded.configuration(), memories_)) {
  for (int chain = 0; chain < ensemble::kChains; ++chain) {
    if (chain > 0) {
      memories_.noise_keys = noise_keys(static_cast<std::uint64_t>(chain), loaded.configuration().noise_rounds);
    }
    block_.set_chain(chain, memories_);
  }
}

void EnsembleRun::run(std::uint32_t steps) {
  memories_.segments.front() = {steps, true};
  block_.set_common(memories_);
  block_.zero_states();
  block_.clear_results();
  block_.step = 0;
  block_.begin(1);
  block_.advance(std::numeric_limits<std::uint64_t>::max());
}

std::vector<std::uint32_t> EnsembleRun::states() const {
  std::vector<std::uint32_t> states;
  states.reserve(kBenchCells);
  for (int i = 0; i < kBenchCells; ++i) states.push_back(static_cast<std::uint32_t>(block_.state(0, i)));
  return states;
}

}  // namespace settle
