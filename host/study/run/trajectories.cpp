#include "study/run/trajectories.hpp"

#include <algorithm>

#include "array/float64/rest_point.hpp"
#include "base/error.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "study/measures/settling.hpp"

namespace settle {

namespace {

constexpr int kStatesAtOnce = 16;

/// States at steps 0 .. steps, one row each, from the states that are set.
Eigen::MatrixXd trajectory(LoadedArray& array, std::uint64_t noise_seed, int steps, const std::function<bool()>& stop) {
  Eigen::MatrixXd path(steps + 1, array.cells());
  // A row of a path of many cells lies all over the memory: rows are written several at a time.
  Eigen::MatrixXd states(array.cells(), kStatesAtOnce);
  array.set_noise(noise_seed);
  for (int n = 0; n <= steps; ++n) {
    if (n > 0) array.run({false, n == 1}, stop);
    const int place = n % kStatesAtOnce;
    states.col(place) = array.states();
    if (place + 1 < kStatesAtOnce && n < steps) continue;
    path.middleRows(n - place, place + 1) = states.leftCols(place + 1).transpose();
  }
  return path;
}

}  // namespace

SettlingRun measure_settling(LoadedArray& array, const Conditions& conditions, const Eigen::VectorXd& rest, int steps,
                             const std::function<bool()>& stop) {
  array.driver().set_trace_stride(0);
  array.set_fields(conditions.fields);
  array.set_schedule({{1, false}}, conditions.kt);
  array.set_zero_states();
  const Eigen::MatrixXd from_zero = trajectory(array, conditions.noise_seed, steps, stop);
  array.set_states(rest);
  const Eigen::MatrixXd from_rest = trajectory(array, conditions.noise_seed, steps, stop);
  const LinearStep step = linear_step(array.machine(), rest);
  SettlingRun run;
  run.distance = distances(from_zero, from_rest);
  run.predicted = predicted_distances_by(step, -rest, steps);
  run.settling_steps = settling_steps(run.distance);
  run.predicted_steps = predicted_steps_by(step, -rest);
  return run;
}

Eigen::MatrixXd states_over_time(LoadedArray& array, const Conditions& conditions, const std::vector<int>& steps,
                                 const std::function<bool()>& stop) {
  const LayerContents& at = array.fixed().layer(array.machine().decoder);
  Eigen::MatrixXd states(static_cast<Eigen::Index>(steps.size()), at.cells());
  array.driver().set_trace_stride(0);
  array.set_fields(conditions.fields);
  array.set_zero_states();
  array.set_noise(conditions.noise_seed);
  int now = 0;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    if (steps[n] > now) {
      array.set_schedule({{steps[n] - now, false}}, conditions.kt);
      array.run({false, true}, stop);
      now = steps[n];
    }
    states.row(static_cast<Eigen::Index>(n)) = array.states().segment(at.first, at.cells());
  }
  return states;
}

Eigen::VectorXd overlap_series(LoadedArray& array, const Conditions& conditions, const Eigen::VectorXd& rest,
                               const OverlapPlan& plan, const std::function<bool()>& stop) {
  const int decoder = array.machine().decoder;
  const Configuration& c = array.configuration();
  const LayerContents& layer = array.fixed().layer(decoder);
  // Only the overlap's fluctuations count: a reference of unit length in state units always fits.
  const Eigen::VectorXd unit = rest.segment(layer.first, layer.cells()).normalized();
  std::vector<std::int16_t> reference;
  reference.reserve(static_cast<std::size_t>(unit.size()));
  for (const double part : unit) {
    reference.push_back(static_cast<std::int16_t>(to_fixed(part, c.coefficient, array.fixed().name + ": reference")));
  }
  ArrayDriver& driver = array.driver();
  array.set_fields(conditions.fields);
  driver.set_reference(decoder, reference);
  array.set_noise(conditions.noise_seed);
  driver.set_trace_stride(0);
  array.set_schedule({{std::max(1, plan.settle_steps), false}}, conditions.kt);
  array.run({true, true}, stop);
  driver.set_trace_stride(1);
  array.set_schedule({{c.trace_depth, false}}, conditions.kt);
  std::vector<double> series;
  for (int b = 0; b < plan.buffers; ++b) {
    array.run({false, true}, stop);
    for (const TraceEntry& entry : driver.trace()) series.push_back(static_cast<double>(entry.overlap));
  }
  driver.set_trace_stride(0);
  Eigen::VectorXd overlap = Eigen::Map<const Eigen::VectorXd>(series.data(), static_cast<Eigen::Index>(series.size()));
  if ((overlap.array() == overlap(0)).all()) throw error("the overlap does not vary");
  return overlap;
}

}  // namespace settle
