#include "study/run/heat_run.hpp"

#include "array/float64/float64_array.hpp"

namespace settle {

HeatRun heat_of_run(LoadedArray& array, const Conditions& conditions, const HeatPlan& plan,
                    const std::function<bool()>& stop) {
  Float64Array exact(array.machine(), array.configuration().state_range());
  exact.set_field(conditions.fields);
  array.driver().set_trace_stride(0);
  array.set_fields(conditions.fields);
  array.set_schedule({{1, false}}, conditions.kt);
  array.set_zero_states();
  array.set_noise(conditions.noise_seed);
  HeatMeter meter([&](const Eigen::VectorXd& x) { return exact.force(x); }, conditions.kt,
                  Eigen::VectorXd::Zero(exact.cells()));
  bool first = true;
  const auto step = [&] {
    array.run({false, first}, stop);
    first = false;
    return meter.step(array.states());
  };
  HeatRun run;
  for (int n = 0; n < plan.settle_steps; ++n) run.of_inference += step();
  Eigen::VectorXd heats(Eigen::Index{plan.batches} * plan.batch_steps);
  for (double& heat : heats) heat = step();
  run.settled = heat_rate(heats, plan.batches);
  return run;
}

}  // namespace settle
