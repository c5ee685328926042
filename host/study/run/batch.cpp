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

// Of the first result.samples rows; without any, the matrices stay empty.
void set_moments(BatchResult& result, const Eigen::MatrixXd& sum, const Eigen::MatrixXd& squares, int steps) {
  if (result.samples == 0) return;
  result.mean = sum.topRows(result.samples) / steps;
  try {
    result.variance = window_variance(sum.topRows(result.samples), squares.topRows(result.samples), steps);
  } catch (const MeasureError&) {
    result.variance.resize(0, 0);  // sums that no double holds: no variance, but the means are good
  }
}

}  // namespace

std::uint64_t sample_seed(std::uint64_t seed, std::uint64_t sample) { return mix64(mix64(seed) + sample); }

std::vector<std::int16_t> fixed_sample_field(const FixedMachine& fixed, const Eigen::VectorXd& field,
                                             Eigen::Index sample) {
  return fixed_fields(field, fixed.contents, fixed.configuration, fmt::format("{}: sample {}", fixed.name, sample));
}

BatchResult settle_batch(const std::vector<LoadedArray*>& arrays, const Batch& batch, const BatchWatch& watch) {
  const FixedMachine& fixed = arrays.front()->fixed();
  const BatchPlan& plan = batch.plan;
  const int decoder = fixed.machine.decoder;
  const Eigen::Index cells = fixed.layer(decoder).cells();
  Eigen::MatrixXd sum(batch.samples, cells), squares(batch.samples, cells);
  std::vector<Counters> counters(static_cast<std::size_t>(batch.samples));
  std::mutex progress_mutex;
  Eigen::Index done = 0;
  std::vector<char> complete(static_cast<std::size_t>(batch.samples), 0);
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
    sum.row(s) = array.sums(decoder);
    squares.row(s) = array.squares(decoder);
    counters[item] = array.counters();
    complete[item] = 1;
    if (!watch.progress) return;
    const std::lock_guard<std::mutex> lock(progress_mutex);
    watch.progress(++done, batch.samples);
  };
  try {
    parallel_for(complete.size(), std::min(arrays.size(), worker_count(complete.size())), work, watch.stop);
  } catch (const DeviceError&) {
    if (watch.failure == nullptr) throw;
    *watch.failure = std::current_exception();
  }
  BatchResult result;
  result.samples = std::find(complete.begin(), complete.end(), 0) - complete.begin();
  for (std::size_t s = 0; s < static_cast<std::size_t>(result.samples); ++s) {
    result.cycles += counters[s].cycles;
    result.saturations += counters[s].saturated_states + counters[s].saturated_words;
    result.cell_updates += static_cast<std::uint64_t>(fixed.cells()) * static_cast<std::uint64_t>(plan.steps());
  }
  set_moments(result, sum, squares, plan.window_steps);
  return result;
}

BatchResult settle_batch_float64(const FixedMachine& fixed, Eigen::Index samples, const SampleField& field,
                                 const BatchPlan& plan, const std::function<bool()>& stop) {
  const Machine& machine = fixed.machine;
  const Eigen::Index first = layer_offset(machine, machine.decoder);
  const Eigen::Index cells = fixed.layer(machine.decoder).cells();
  BatchResult result;
  Eigen::MatrixXd sum(samples, cells), squares(samples, cells);
  std::vector<char> complete(static_cast<std::size_t>(samples), 0);
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
    sum.row(s) = sums.x.segment(first, cells);
    squares.row(s) = sums.x_squared.segment(first, cells);
    complete[item] = 1;
  };
  parallel_for(complete.size(), worker_count(complete.size()), work, stop);
  result.samples = std::find(complete.begin(), complete.end(), 0) - complete.begin();
  set_moments(result, sum, squares, plan.window_steps);
  return result;
}

}  // namespace settle
