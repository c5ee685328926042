#include "study/run/settling_run.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"

namespace settle {

Eigen::VectorXd physical_states(const std::vector<std::int32_t>& states, const ArrayContents& contents,
                                const Configuration& c) {
  Eigen::VectorXd x(static_cast<Eigen::Index>(states.size()));
  for (const LayerContents& layer : contents.layers) {
    for (int i = layer.first; i < layer.first + layer.cells(); ++i) {
      x(i) = states[static_cast<std::size_t>(i)] * c.state.unit() * layer.scale;
    }
  }
  return x;
}

namespace {

/// States at steps 0 .. steps, one row each.
Eigen::MatrixXd trajectory(ArrayDriver& driver, const ArrayContents& contents, const Configuration& c,
                           const std::vector<std::int32_t>& start, std::uint64_t noise_seed, int steps,
                           const std::function<bool()>& stop) {
  Eigen::MatrixXd path(steps + 1, contents.cells);
  driver.set_states(start);
  driver.set_noise(noise_seed, 0);
  path.row(0) = physical_states(driver.states(), contents, c);
  for (int n = 1; n <= steps; ++n) {
    driver.run({false, n == 1}, stop);
    path.row(n) = physical_states(driver.states(), contents, c);
  }
  return path;
}

}  // namespace

SettlingRun measure_settling(ArrayDriver& driver, const ArrayContents& contents, const Configuration& c,
                             const std::string& name, const Eigen::VectorXd& fields, const Eigen::VectorXd& rest,
                             const LinearStep& step, double kt, std::uint64_t noise_seed, int steps,
                             const std::function<bool()>& stop) {
  driver.set_trace_stride(0);
  driver.set_fields(fixed_fields(fields, contents, c, name));
  driver.set_schedule({{1, false, fixed_gains(kt, contents, c, name + ": kt")}});
  const std::vector<std::int32_t> zero(static_cast<std::size_t>(contents.cells), 0);
  const Eigen::MatrixXd from_zero = trajectory(driver, contents, c, zero, noise_seed, steps, stop);
  const Eigen::MatrixXd from_rest =
      trajectory(driver, contents, c, fixed_states(rest, contents, c, name), noise_seed, steps, stop);
  SettlingRun run;
  run.distance = distances(from_zero, from_rest);
  run.predicted = predicted_distances_by(step, -rest, steps);
  run.settling_steps = settling_steps(run.distance);
  run.predicted_steps = predicted_steps_by(step, -rest);
  return run;
}

Eigen::MatrixXd states_over_time(ArrayDriver& driver, const ArrayContents& contents, const Configuration& c,
                                 const std::string& name, int layer, const Eigen::VectorXd& fields, double kt,
                                 std::uint64_t noise_seed, const std::vector<int>& steps,
                                 const std::function<bool()>& stop) {
  const LayerContents& at = contents.layers.at(static_cast<std::size_t>(layer));
  Eigen::MatrixXd states(static_cast<Eigen::Index>(steps.size()), at.cells());
  driver.set_trace_stride(0);
  driver.set_fields(fixed_fields(fields, contents, c, name));
  driver.set_states(std::vector<std::int32_t>(static_cast<std::size_t>(contents.cells), 0));
  driver.set_noise(noise_seed, 0);
  int now = 0;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    if (steps[n] > now) {
      const auto count = static_cast<std::uint32_t>(steps[n] - now);
      driver.set_schedule({{count, false, fixed_gains(kt, contents, c, name + ": kt")}});
      driver.run({false, true}, stop);
      now = steps[n];
    }
    states.row(static_cast<Eigen::Index>(n)) =
        physical_states(driver.states(), contents, c).segment(at.first, at.cells());
  }
  return states;
}

Eigen::VectorXd overlap_series(ArrayDriver& driver, const ArrayContents& contents, const Configuration& c,
                               const std::string& name, int decoder, const Eigen::VectorXd& fields,
                               const Eigen::VectorXd& rest, double kt, std::uint64_t noise_seed, int settle_steps,
                               int buffers, const std::function<bool()>& stop) {
  const LayerContents& layer = contents.layers.at(static_cast<std::size_t>(decoder));
  const std::vector<std::int16_t> gains = fixed_gains(kt, contents, c, name + ": kt");
  // Only the overlap's fluctuations count: a reference of unit length in state units always fits.
  const Eigen::VectorXd unit = rest.segment(layer.first, layer.cells()).normalized();
  std::vector<std::int16_t> reference;
  for (Eigen::Index i = 0; i < unit.size(); ++i) {
    reference.push_back(static_cast<std::int16_t>(to_fixed(unit(i), c.coefficient, name + ": reference")));
  }
  driver.set_fields(fixed_fields(fields, contents, c, name));
  driver.set_reference(decoder, reference);
  driver.set_noise(noise_seed, 0);
  driver.set_trace_stride(0);
  driver.set_schedule({{static_cast<std::uint32_t>(std::max(1, settle_steps)), false, gains}});
  driver.run({true, true}, stop);
  driver.set_trace_stride(1);
  driver.set_schedule({{static_cast<std::uint32_t>(c.trace_depth), false, gains}});
  std::vector<double> series;
  for (int b = 0; b < buffers; ++b) {
    driver.run({false, true}, stop);
    for (const TraceEntry& entry : driver.trace()) series.push_back(static_cast<double>(entry.overlap));
  }
  driver.set_trace_stride(0);
  Eigen::VectorXd overlap = Eigen::Map<const Eigen::VectorXd>(series.data(), static_cast<Eigen::Index>(series.size()));
  if ((overlap.array() == overlap(0)).all()) throw error("the overlap does not vary");
  return overlap;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace settle
