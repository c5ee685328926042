#include "study/run/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <mutex>

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/splitmix.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/linear.hpp"
#include "study/measures/check.hpp"
#include "study/measures/thermal.hpp"
#include "study/run/array_noise.hpp"

namespace settle {

namespace {

constexpr int kStepsUnasked = 16;  // of float64 between two questions whether to stop

}  // namespace

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

BatchResult settle_batch(const std::vector<LoadedArray*>& arrays, const Batch& batch, const BatchWatch& watch) {
  const FixedMachine& fixed = arrays.front()->fixed();
  const BatchPlan& plan = batch.plan;
  const int decoder = fixed.machine.decoder;
  const Eigen::Index cells = fixed.layer(decoder).cells();
  BatchSums sums(batch.samples, cells);
  std::mutex progress_mutex;
  Eigen::Index done = 0;
  for (LoadedArray* array : arrays) {
    array->driver().set_trace_stride(0);
    array->set_schedule({{plan.settle_steps, false}, {plan.window_steps, true}}, plan.kt);
  }
  const auto work = [&](std::size_t item, std::size_t worker) {
    LoadedArray& array = *arrays[worker];
    const auto s = static_cast<Eigen::Index>(item);
    array.driver().set_fields(batch.field(s));
    array.set_noise(sample_seed(plan.seed, item));
    try {
      array.run({true, true}, watch.stop);
    } catch (const Interrupted&) {
      return;  // the sample in flight is dropped
    }
    sums.set(s, array.sums(decoder), array.squares(decoder));
    const Counters counters = array.counters();
    sums.complete(s, std::uint64_t{counters.saturated_states} + counters.saturated_words, counters.cycles);
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
  return sums.result(fixed, plan);
}

BatchResult settle_batch_float64(const FixedMachine& fixed, Eigen::Index samples, const SampleField& field,
                                 const BatchPlan& plan, const std::function<bool()>& stop, std::size_t threads) {
  const Machine& machine = fixed.machine;
  const Eigen::Index first = layer_offset(machine, machine.decoder);
  const Eigen::Index cells = fixed.layer(machine.decoder).cells();
  BatchSums batch_sums(samples, cells);
  const auto work = [&](std::size_t item, std::size_t) {
    const auto s = static_cast<Eigen::Index>(item);
    Float64Array array(machine, fixed.configuration.state_range());
    const Gaussian xi = array_noise(sample_seed(plan.seed, item), fixed.configuration.noise_rounds, array.cells());
    array.set_field(field(s));
    int now = 0;
    // False if the run is to end.
    const auto run_to = [&](int end, Sums* sums) {
      while (now < end) {
        if (stop && stop()) return false;
        const int count = std::min(kStepsUnasked, end - now);
        array.run(static_cast<std::uint64_t>(now), count, plan.kt, xi, sums);
        now += count;
      }
      return true;
    };
    Sums sums;
    if (!run_to(plan.settle_steps, nullptr) || !run_to(plan.steps(), &sums)) return;
    batch_sums.set(s, sums.x.segment(first, cells), sums.x_squared.segment(first, cells));
    batch_sums.complete(s, 0);
  };
  const auto count = static_cast<std::size_t>(samples);
  parallel_for(count, worker_count(count, threads), work, stop);
  return batch_sums.result(fixed, plan);
}

}  // namespace settle
