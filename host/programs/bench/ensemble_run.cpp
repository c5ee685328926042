#include "programs/bench/ensemble_run.hpp"

#include <limits>
#include <memory>

namespace settle {

using ensemble::kChains;

namespace {

/// Of chain 0.
template <typename Block>
std::vector<std::uint32_t> states_of(const Block& block, int cells) {
  std::vector<std::uint32_t> states;
  states.reserve(static_cast<std::size_t>(cells));
  for (int i = 0; i < cells; ++i) states.push_back(static_cast<std::uint32_t>(block.state(0, i)));
  return states;
}

}  // namespace

EnsembleRun::EnsembleRun(const BenchMachine& machine, bool noisy)
    : fixed_(machine.fixed),
      memories_(chain_memories(machine, 0, noisy)),
      plan_(std::make_shared<const ensemble::BlockPlan>(fixed_->configuration, memories_)),
      block_(plan_),
      alone_(plan_) {
  // Both segments have the gains of the first.
  const auto layers = static_cast<std::size_t>(fixed_->configuration.layers);
  for (int chain = 0; chain < kChains; ++chain) {
    ArrayMemories memories = chain_memories(machine, chain, noisy);
    for (std::size_t l = 0; l < layers; ++l) memories.gains[layers + l] = memories.gains[l];
    block_.set_chain(chain, memories);
    chains_.push_back(std::move(memories));
  }
}

void EnsembleRun::run(std::uint32_t settle_steps, std::uint32_t window_steps) {
  memories_.segments.at(0) = {settle_steps, false};
  memories_.segments.at(1) = {window_steps, true};
  block_.set_common(memories_);
  block_.zero_states();
  block_.clear_results();
  block_.step = 0;
  block_.begin(2);
  block_.advance(std::numeric_limits<std::uint64_t>::max());
}

void EnsembleRun::run_alone(std::uint32_t window_steps) {
  for (ArrayMemories& memories : chains_) {
    memories.segments.at(0) = {window_steps, true};
    alone_.set_common(memories);
    alone_.set_chain(0, memories);
    alone_.zero_states();
    alone_.clear_results();
    alone_.step = 0;
    alone_.begin(1);
    alone_.advance(std::numeric_limits<std::uint64_t>::max());
    if (&memories == &chains_.front()) states_alone_ = states_of(alone_, fixed_->cells());
  }
}

std::vector<std::uint32_t> EnsembleRun::states() const { return states_of(block_, fixed_->cells()); }

std::vector<double> EnsembleRun::variances() const {
  const Configuration& c = fixed_->configuration;
  const double steps = block_.window_steps();
  std::vector<double> all;
  for (const LayerContents& layer : fixed_->contents.layers) {
    double total = 0;
    for (int i = layer.first; i < layer.first + layer.cells(); ++i) {
      for (int chain = 0; chain < kChains; ++chain) {
        const double mean = static_cast<double>(block_.sum(chain, i)) * c.state.unit() / steps;
        const double square =
            static_cast<double>(block_.square(chain, i)) * c.operand.unit() * c.operand.unit() / steps;
        total += square - mean * mean;
      }
    }
    all.push_back(total / kChains / layer.cells() * layer.scale * layer.scale);
  }
  return all;
}

std::uint64_t EnsembleRun::saturated() const {
  std::uint64_t all = 0;
  for (int chain = 0; chain < kChains; ++chain) {
    all += std::uint64_t{block_.saturated_states(chain)} + block_.saturated_words(chain);
  }
  return all;
}

}  // namespace settle
