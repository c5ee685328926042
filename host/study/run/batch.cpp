#include "study/run/batch.hpp"

#include <algorithm>
#include <mutex>

#include "array/float64/float64_array.hpp"
#include "base/splitmix.hpp"
#include "base/parallel.hpp"
#include "machine/linear.hpp"
#include "study/measures/check.hpp"
#include "study/measures/thermal.hpp"
#include "study/run/array_noise.hpp"

namespace settle {

namespace {

Eigen::RowVectorXd row_of(const std::vector<std::int64_t>& sums, double unit) {
  Eigen::RowVectorXd row(static_cast<Eigen::Index>(sums.size()));
  for (std::size_t i = 0; i < sums.size(); ++i) row(static_cast<Eigen::Index>(i)) = static_cast<double>(sums[i]) * unit;
  return row;
}

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

BatchResult settle_batch(const std::vector<ArrayDriver*>& drivers, const ArrayContents& contents,
                         const Configuration& c, const std::string& name, int decoder, Eigen::Index samples,
                         const SampleField& field, const BatchPlan& plan,
                         const std::function<void(Eigen::Index, Eigen::Index)>& progress,
                         const std::function<bool()>& stop, std::exception_ptr* failure) {
  const ArrayContents::Layer& layer = contents.layers.at(static_cast<std::size_t>(decoder));
  const std::vector<std::int16_t> gains = fixed_gains(plan.kt, contents, c, name + ": kt");
  const double state_unit = c.state.unit() * layer.scale;
  const double square_unit = c.operand.unit() * c.operand.unit() * layer.scale * layer.scale;
  Eigen::MatrixXd sum(samples, layer.cells()), squares(samples, layer.cells());
  std::vector<Counters> counters(static_cast<std::size_t>(samples));
  std::mutex progress_mutex;
  Eigen::Index done = 0;
  std::vector<char> complete(static_cast<std::size_t>(samples), 0);
  for (ArrayDriver* driver : drivers) {
    driver->set_trace_stride(0);
    driver->set_schedule({{static_cast<std::uint32_t>(plan.settle_steps), false, gains},
                          {static_cast<std::uint32_t>(plan.window_steps), true, gains}});
  }
  const auto work = [&](std::size_t item, std::size_t worker) {
    ArrayDriver& driver = *drivers[worker];
    const auto s = static_cast<Eigen::Index>(item);
    driver.set_fields(fixed_fields(field(s), contents, c, fmt::format("{}: sample {}", name, s)));
    driver.set_noise(sample_seed(plan.seed, item), 0);
    try {
      driver.run({true, true}, stop);
    } catch (const Interrupted&) {
      return;  // the sample in flight is dropped
    }
    sum.row(s) = row_of(driver.sums(layer.first, layer.cells()), state_unit);
    squares.row(s) = row_of(driver.squares(layer.first, layer.cells()), square_unit);
    counters[item] = driver.counters();
    complete[item] = 1;
    if (!progress) return;
    const std::lock_guard<std::mutex> lock(progress_mutex);
    progress(++done, samples);
  };
  try {
    parallel_for(complete.size(), std::min(drivers.size(), worker_count(complete.size())), work, stop);
  } catch (const DeviceError&) {
    if (failure == nullptr) throw;
    *failure = std::current_exception();
  }
  BatchResult result;
  result.samples = std::find(complete.begin(), complete.end(), 0) - complete.begin();
  for (std::size_t s = 0; s < static_cast<std::size_t>(result.samples); ++s) {
    result.cycles += counters[s].cycles;
    result.saturations += counters[s].saturated_states + counters[s].saturated_words;
    result.cell_updates +=
        static_cast<std::uint64_t>(contents.cells) * static_cast<std::uint64_t>(plan.settle_steps + plan.window_steps);
  }
  set_moments(result, sum, squares, plan.window_steps);
  return result;
}

BatchResult settle_batch_float64(const Machine& machine, const Configuration& c, int decoder, Eigen::Index samples,
                                 const SampleField& field, const BatchPlan& plan, const std::function<bool()>& stop) {
  const Eigen::Index first = layer_offset(machine, decoder);
  const Eigen::Index cells = machine.layers.at(static_cast<std::size_t>(decoder)).cells();
  BatchResult result;
  Eigen::MatrixXd sum(samples, cells), squares(samples, cells);
  const auto work = [&](std::size_t item, std::size_t) {
    const auto s = static_cast<Eigen::Index>(item);
    Float64Array array(machine, c.state_range());
    const Gaussian xi = array_noise(sample_seed(plan.seed, item), c.noise_rounds, array.cells());
    array.set_field(field(s));
    array.run(0, plan.settle_steps, plan.kt, xi);
    Sums sums;
    array.run(static_cast<std::uint64_t>(plan.settle_steps), plan.window_steps, plan.kt, xi, &sums);
    sum.row(s) = sums.x.segment(first, cells);
    squares.row(s) = sums.x_squared.segment(first, cells);
  };
  const auto count = static_cast<std::size_t>(samples);
  result.samples = static_cast<Eigen::Index>(parallel_for(count, worker_count(count), work, stop));
  set_moments(result, sum, squares, plan.window_steps);
  return result;
}

}  // namespace settle
