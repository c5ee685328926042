#include "study/run/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <mutex>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/splitmix.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "study/measures/check.hpp"
#include "study/measures/thermal.hpp"

namespace settle {

std::uint64_t Batch::noise_seed_of(Eigen::Index sample) const {
  return noise_seed ? noise_seed(sample) : sample_seed(plan.seed, static_cast<std::uint64_t>(sample));
}

std::uint64_t sample_seed(std::uint64_t seed, std::uint64_t sample) { return mix64(mix64(seed) + sample); }

std::vector<std::int16_t> fixed_sample_field(const FixedMachine& fixed, const Eigen::VectorXd& field,
                                             Eigen::Index sample) {
  return fixed_fields(field, fixed.contents, fixed.configuration, fmt::format("{}: sample {}", fixed.name, sample));
}

BatchSums::BatchSums(Eigen::Index samples, Eigen::Index cells)
    : x_(samples, cells),
      squares_(samples, cells),
      saturations_(static_cast<std::size_t>(samples)),
      cycles_(static_cast<std::size_t>(samples)),
      complete_(static_cast<std::size_t>(samples)) {}

void BatchSums::complete(Eigen::Index sample, std::uint64_t saturations, std::uint64_t cycles) {
  const auto s = static_cast<std::size_t>(sample);
  saturations_[s] = saturations;
  cycles_[s] = cycles;
  complete_[s] = 1;
}

BatchResult BatchSums::result(const FixedMachine& fixed, const BatchPlan& plan) const {
  BatchResult result;
  const auto end = std::find(complete_.begin(), complete_.end(), 0);
  result.samples = end - complete_.begin();
  const auto count = static_cast<std::uint64_t>(result.samples);
  result.cell_updates = count * static_cast<std::uint64_t>(fixed.cells()) * static_cast<std::uint64_t>(plan.steps());
  for (std::size_t s = 0; s < count; ++s) {
    result.cycles += cycles_[s];
    result.saturations += saturations_[s];
  }
  if (result.samples == 0) return result;  // the matrices stay empty
  result.mean = x_.topRows(result.samples) / plan.window_steps;
  try {
    result.variance = window_variance(x_.topRows(result.samples), squares_.topRows(result.samples), plan.window_steps);
  } catch (const MeasureError&) {
    result.variance.resize(0, 0);  // sums that no double holds: no variance, but the means are good
  }
  return result;
}

void set_steps(LoadedArray& array, const BatchPlan& plan, double kt) {
  array.driver().set_trace_stride(0);
  array.set_schedule({{plan.settle_steps, false}, {plan.window_steps, true}}, kt);
}

bool settle_sample(LoadedArray& array, const Batch& batch, Eigen::Index sample, BatchSums& sums,
                   const std::function<bool()>& stop) {
  const int decoder = array.machine().decoder;
  if (batch.kt) set_steps(array, batch.plan, batch.kt_of(sample));
  array.driver().set_fields(batch.field(sample));
  array.set_noise(batch.noise_seed_of(sample));
  try {
    array.run({true, true}, stop);
  } catch (const Interrupted&) {
    return false;
  }
  sums.set(sample, array.sums(decoder), array.squares(decoder));
  const Counters counters = array.counters();
  sums.complete(sample, std::uint64_t{counters.saturated_states} + counters.saturated_words, counters.cycles);
  return true;
}

BatchResult settle_batch(const std::vector<LoadedArray*>& arrays, const Batch& batch, const BatchWatch& watch) {
  const FixedMachine& fixed = arrays.front()->fixed();
  BatchSums sums(batch.samples, fixed.layer(fixed.machine.decoder).cells());
  std::mutex progress_mutex;
  Eigen::Index done = 0;
  // Once for all samples: a line is slow.
  for (LoadedArray* array : arrays) set_steps(*array, batch.plan, batch.plan.kt);
  const auto work = [&](std::size_t item, std::size_t worker) {
    if (!settle_sample(*arrays[worker], batch, static_cast<Eigen::Index>(item), sums, watch.stop)) return;
    if (!watch.progress) return;
    const std::lock_guard<std::mutex> lock(progress_mutex);
    watch.progress(++done, batch.samples);
  };
  try {
    const auto samples = static_cast<std::size_t>(batch.samples);
    parallel_for(samples, std::min(arrays.size(), samples), work, watch.stop);
  } catch (const DeviceError&) {
    if (watch.failure == nullptr) throw;
    *watch.failure = std::current_exception();
  }
  return sums.result(fixed, batch.plan);
}

}  // namespace settle
