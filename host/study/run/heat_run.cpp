#include "study/run/heat_run.hpp"

#include "array/float64/float64_array.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "study/run/settling_run.hpp"

namespace settle {

HeatRun measure_heat(ArrayDriver& driver, const RunInputs& in, const std::string& name, const Eigen::VectorXd& field,
                     std::uint64_t noise_seed, const HeatPlan& plan, const std::function<bool()>& stop) {
  Float64Array array(in.machine, in.configuration.state_range());
  array.set_field(field);
  driver.set_trace_stride(0);
  driver.set_fields(fixed_fields(field, in.contents, in.configuration, name));
  driver.set_schedule({{1, false, fixed_gains(in.kt, in.contents, in.configuration, name + ": kt")}});
  driver.set_states(std::vector<std::int32_t>(static_cast<std::size_t>(in.contents.cells), 0));
  driver.set_noise(noise_seed, 0);
  HeatMeter meter([&](const Eigen::VectorXd& x) { return array.force(x); }, in.kt,
                  Eigen::VectorXd::Zero(array.cells()));
  bool first = true;
  const auto step = [&] {
    driver.run({false, first}, stop);
    first = false;
    return meter.step(physical_states(driver.states(), in.contents, in.configuration));
  };
  HeatRun run;
  for (int n = 0; n < plan.settle_steps; ++n) run.of_inference += step();
  Eigen::VectorXd heats(Eigen::Index{plan.batches} * plan.batch_steps);
  for (double& heat : heats) heat = step();
  run.settled = heat_rate(heats, plan.batches);
  return run;
}

}  // namespace settle
