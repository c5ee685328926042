#include <array>
#include <cstdint>
#include <vector>

#include "array/model/noise.hpp"
#include "base/cpu_time.hpp"
#include "contract/configuration/gaussian.hpp"
#include "programs/bench/limits/limits.hpp"

namespace settle {

namespace {

using ensemble::kChains;

struct alignas(64) Line {
  std::array<std::int32_t, kChains> values{};
};

}  // namespace

double noise_samples_per_second(const ensemble::Kernels& kernels, const ensemble::BlockPlan& plan, double seconds) {
  constexpr int kPairs = 64;  // 128 rows of 64 bytes: 8 KB
  const int rounds = plan.configuration.noise_rounds, drop = kNoiseFraction - plan.configuration.noise_fraction;
  std::vector<Line> keys(static_cast<std::size_t>(rounds)), noise(2 * kPairs);
  for (int chain = 0; chain < kChains; ++chain) {
    const auto chain_keys = noise_keys(static_cast<std::uint64_t>(chain), rounds);
    for (std::size_t r = 0; r < keys.size(); ++r) {
      keys[r].values[static_cast<std::size_t>(chain)] = static_cast<std::int32_t>(chain_keys[r]);
    }
  }
  const auto* const round_keys = reinterpret_cast<const std::uint32_t*>(keys.front().values.data());
  std::uint64_t step = 0;
  const double begin = cpu_seconds();
  double taken = 0;
  while (taken < seconds) {
    for (int i = 0; i < 64; ++i) {
      kernels.samples(round_keys, rounds, step++, 0, kPairs, plan.gaussian.data(), drop, noise.front().values.data());
    }
    taken = cpu_seconds() - begin;
  }
  return static_cast<double>(step) * 2 * kPairs * kChains / taken;
}

}  // namespace settle
