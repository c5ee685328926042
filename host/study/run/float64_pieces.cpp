#include "study/run/float64_pieces.hpp"

#include <algorithm>
#include <utility>

#include "array/float64/float64_chains.hpp"
#include "machine/linear.hpp"
#include "study/run/array_noise.hpp"

namespace settle {

namespace {

constexpr int kStepsUnasked = 16;  // between two questions whether to stop

class Float64Pieces : public Pieces {
 public:
  Float64Pieces(const FixedMachine& fixed, std::shared_ptr<const Float64Plan> machine, Eigen::Index samples,
                SampleField field, const BatchPlan& plan)
      : fixed_(fixed),
        machine_(std::move(machine)),
        samples_(samples),
        field_(std::move(field)),
        plan_(plan),
        sums_(samples, fixed.layer(fixed.machine.decoder).cells()) {}

  std::size_t count() const override {
    return static_cast<std::size_t>((samples_ + kFloat64Chains - 1) / kFloat64Chains);
  }

  Eigen::Index settle(std::size_t piece, std::size_t, const std::function<bool()>& stop) override {
    const Eigen::Index first = static_cast<Eigen::Index>(piece) * kFloat64Chains;
    const auto count = static_cast<int>(std::min<Eigen::Index>(kFloat64Chains, samples_ - first));
    Float64Chains chains(machine_);
    for (int k = 0; k < count; ++k) {
      const std::uint64_t seed = sample_seed(plan_.seed, static_cast<std::uint64_t>(first + k));
      chains.set_field(k, field_(first + k));
      chains.set_temperature(k, plan_.kt, array_noise(seed, fixed_.configuration.noise_rounds, chains.cells()));
    }
    int now = 0;
    // False if the run is to end.
    const auto run_to = [&](int end) {
      while (now < end) {
        if (stop && stop()) return false;
        const int steps = std::min(kStepsUnasked, end - now);
        chains.run(static_cast<std::uint64_t>(now), steps);
        now += steps;
      }
      return true;
    };
    if (!run_to(plan_.settle_steps)) return 0;
    const int decoder = fixed_.machine.decoder;
    chains.begin_sums(layer_offset(fixed_.machine, decoder), fixed_.layer(decoder).cells());
    if (!run_to(plan_.steps())) return 0;
    for (int k = 0; k < count; ++k) {
      const Sums sums = chains.sums(k);
      sums_.set(first + k, sums.x, sums.x_squared);
      sums_.complete(first + k, 0);
    }
    return count;
  }

  BatchResult result() const override { return sums_.result(fixed_, plan_); }

 private:
  const FixedMachine& fixed_;
  const std::shared_ptr<const Float64Plan> machine_;
  const Eigen::Index samples_;
  const SampleField field_;
  const BatchPlan plan_;
  BatchSums sums_;
};

}  // namespace

std::unique_ptr<Pieces> float64_pieces(const FixedMachine& fixed, std::shared_ptr<const Float64Plan> machine,
                                       Eigen::Index samples, SampleField field, const BatchPlan& plan) {
  return std::make_unique<Float64Pieces>(fixed, std::move(machine), samples, std::move(field), plan);
}

}  // namespace settle
