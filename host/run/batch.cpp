#include "run/batch.hpp"

#include "array/noise.hpp"
#include "core/hash.hpp"
#include "float64/float64_array.hpp"
#include "image/gain_format.hpp"
#include "machine/linear.hpp"
#include "measures/check.hpp"
#include "measures/thermal.hpp"

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

BatchResult settle_batch(ArrayDriver& driver, const ArrayImage& image, const Configuration& c, const std::string& name,
                         int decoder, const Eigen::MatrixXd& fields, const BatchPlan& plan,
                         const std::function<void(Eigen::Index, Eigen::Index)>& progress,
                         const std::function<bool()>& stop) {
  const ArrayImage::Layer& layer = image.layers.at(static_cast<std::size_t>(decoder));
  const std::vector<std::int16_t> gains = fixed_gains(plan.kt, image, c, name + ": kt");
  const double state_unit = c.state.unit() * layer.scale;
  const double square_unit = c.operand.unit() * c.operand.unit() * layer.scale * layer.scale;
  BatchResult result;
  Eigen::MatrixXd sum(fields.rows(), layer.cells()), squares(fields.rows(), layer.cells());
  driver.set_trace_stride(0);
  driver.set_schedule({{static_cast<std::uint32_t>(plan.settle_steps), false, gains},
                       {static_cast<std::uint32_t>(plan.window_steps), true, gains}});
  try {
    for (Eigen::Index s = 0; s < fields.rows(); ++s) {
      driver.set_fields(fixed_fields(fields.row(s), image, c, fmt::format("{}: sample {}", name, s)));
      driver.set_noise(sample_seed(plan.seed, static_cast<std::uint64_t>(s)), 0);
      driver.run({true, true}, stop);
      sum.row(s) = row_of(driver.sums(layer.first, layer.cells()), state_unit);
      squares.row(s) = row_of(driver.squares(layer.first, layer.cells()), square_unit);
      const Counters counters = driver.counters();
      result.cycles += counters.cycles;
      result.saturations += counters.saturated_states + counters.saturated_words;
      result.cell_updates +=
          static_cast<std::uint64_t>(image.cells) * static_cast<std::uint64_t>(plan.settle_steps + plan.window_steps);
      ++result.samples;
      if (progress) progress(result.samples, fields.rows());
    }
  } catch (const Interrupted&) {
    // The samples that are complete are kept; the one in flight is dropped.
  }
  set_moments(result, sum, squares, plan.window_steps);
  return result;
}

BatchResult settle_batch_float64(const Machine& machine, const Configuration& c, int decoder,
                                 const Eigen::MatrixXd& fields, const BatchPlan& plan,
                                 const std::function<bool()>& stop) {
  const Eigen::Index first = layer_offset(machine, decoder);
  const Eigen::Index cells = machine.layers.at(static_cast<std::size_t>(decoder)).cells();
  Float64Array array(machine, c.state_range());
  BatchResult result;
  Eigen::MatrixXd sum(fields.rows(), cells), squares(fields.rows(), cells);
  std::vector<std::int16_t> samples(static_cast<std::size_t>(array.cells()));
  for (Eigen::Index s = 0; s < fields.rows() && !(stop && stop()); ++s) {
    const Noise noise(sample_seed(plan.seed, static_cast<std::uint64_t>(s)), c.noise_rounds);
    const Gaussian xi = [&](std::uint64_t step, Eigen::VectorXd& out) {
      noise.fill(step, static_cast<int>(samples.size()), samples.data());
      for (std::size_t i = 0; i < samples.size(); ++i) {
        out(static_cast<Eigen::Index>(i)) = samples[i] / static_cast<double>(1 << kNoiseFraction);
      }
    };
    array.set_field(fields.row(s));
    array.set_state(Eigen::VectorXd::Zero(array.cells()));
    array.run(0, plan.settle_steps, plan.kt, xi);
    Sums sums;
    array.run(static_cast<std::uint64_t>(plan.settle_steps), plan.window_steps, plan.kt, xi, &sums);
    sum.row(s) = sums.x.segment(first, cells);
    squares.row(s) = sums.x_squared.segment(first, cells);
    ++result.samples;
  }
  set_moments(result, sum, squares, plan.window_steps);
  return result;
}

}  // namespace settle
