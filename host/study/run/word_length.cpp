#include "study/run/word_length.hpp"

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/linear.hpp"
#include "study/run/array_noise.hpp"
#include "study/run/settling_run.hpp"

namespace settle {

namespace {

Eigen::VectorXd end_of_run(ArrayDriver& driver, const RunInputs& in, const std::string& name,
                           const Eigen::VectorXd& start, int steps, const std::function<bool()>& stop) {
  driver.set_states(fixed_states(start, in.contents, in.configuration, name));
  driver.set_schedule(
      {{static_cast<std::uint32_t>(steps), false, fixed_gains(0, in.contents, in.configuration, name + ": kt")}});
  driver.set_noise(0, 0);
  driver.run({false, true}, stop);
  return physical_states(driver.states(), in.contents, in.configuration);
}

}  // namespace

StateSeries same_noise_series(ArrayDriver& driver, const RunInputs& in, const std::string& name,
                              const Eigen::VectorXd& field, Eigen::Index cells, std::uint64_t noise_seed,
                              const SnapshotPlan& plan, const std::function<bool()>& stop) {
  std::vector<int> steps;
  steps.reserve(static_cast<std::size_t>(plan.times));
  for (int n = 0; n < plan.times; ++n) steps.push_back(plan.settle_steps + n * plan.stride);
  StateSeries series;
  series.fixed = states_over_time(driver, in.contents, in.configuration, name, in.machine.decoder, field, in.kt,
                                  noise_seed, steps, stop)
                     .leftCols(cells);
  series.exact.resize(series.fixed.rows(), cells);
  Float64Array array(in.machine, in.configuration.state_range());
  const Gaussian xi = array_noise(noise_seed, in.configuration.noise_rounds, array.cells());
  const Eigen::Index first = layer_offset(in.machine, in.machine.decoder);
  array.set_field(field);
  int now = 0;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    if (stop()) throw Interrupted("interrupted while comparing with float64");
    array.run(static_cast<std::uint64_t>(now), steps[n] - now, in.kt, xi);
    now = steps[n];
    series.exact.row(static_cast<Eigen::Index>(n)) = array.state().segment(first, cells);
  }
  return series;
}

double stall(ArrayDriver& driver, const RunInputs& in, const std::string& name, const Eigen::VectorXd& field,
             const Eigen::VectorXd& rest, int steps, const std::function<bool()>& stop) {
  if (rest.isZero(0)) throw error("the rest point is 0: both runs start there");
  driver.set_trace_stride(0);
  driver.set_fields(fixed_fields(field, in.contents, in.configuration, name));
  const Eigen::VectorXd from_zero = end_of_run(driver, in, name, Eigen::VectorXd::Zero(rest.size()), steps, stop);
  const Eigen::VectorXd from_rest = end_of_run(driver, in, name, rest, steps, stop);
  return (from_zero - from_rest).norm() / rest.norm();
}

}  // namespace settle
