#include "study/run/same_noise.hpp"

#include <cstdint>
#include <vector>

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "machine/linear.hpp"
#include "study/run/array_noise.hpp"

namespace settle {

namespace {

Eigen::VectorXd end_of_cold_run(LoadedArray& array, const Eigen::VectorXd& start, int steps,
                                const std::function<bool()>& stop) {
  array.set_states(start);
  array.set_schedule({{steps, false}}, 0);
  array.set_noise(0);
  array.run({false, true}, stop);
  return array.states();
}

}  // namespace

StateSeries same_noise_series(LoadedArray& array, const Conditions& conditions, Eigen::Index cells,
                              const SnapshotPlan& plan, const std::function<bool()>& stop) {
  const Machine& machine = array.machine();
  std::vector<int> steps;
  steps.reserve(static_cast<std::size_t>(plan.times));
  for (int n = 0; n < plan.times; ++n) steps.push_back(plan.settle_steps + n * plan.stride);
  StateSeries series;
  series.fixed = states_over_time(array, conditions, steps, stop).leftCols(cells);
  series.exact.resize(series.fixed.rows(), cells);
  Float64Array exact(machine, array.configuration().state_range());
  const Gaussian xi = array_noise(conditions.noise_seed, array.configuration().noise_rounds, exact.cells());
  const Eigen::Index first = layer_offset(machine, machine.decoder);
  exact.set_field(conditions.fields);
  int now = 0;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    if (stop()) throw Interrupted("interrupted while comparing with float64");
    exact.run(static_cast<std::uint64_t>(now), steps[n] - now, conditions.kt, xi);
    now = steps[n];
    series.exact.row(static_cast<Eigen::Index>(n)) = exact.state().segment(first, cells);
  }
  return series;
}

double stall(LoadedArray& array, const Eigen::VectorXd& field, const Eigen::VectorXd& rest, int steps,
             const std::function<bool()>& stop) {
  if (rest.isZero(0)) throw error("the rest point is 0: both runs start there");
  array.driver().set_trace_stride(0);
  array.set_fields(field);
  const Eigen::VectorXd from_zero = end_of_cold_run(array, Eigen::VectorXd::Zero(rest.size()), steps, stop);
  const Eigen::VectorXd from_rest = end_of_cold_run(array, rest, steps, stop);
  return (from_zero - from_rest).norm() / rest.norm();
}

}  // namespace settle
