#include "study/run/run_facts.hpp"

#include <vector>

#include "contract/configuration/changes.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "study/run/judging.hpp"

namespace settle {

namespace {

nlohmann::ordered_json formats(const Configuration& c) {
  return {{"state", format_text(c.state)},
          {"operand", format_text(c.operand)},
          {"coefficient", format_text(c.coefficient)},
          {"word", format_text(c.word)},
          {"table_bits", c.table_bits},
          {"noise_fraction", c.noise_fraction},
          {"round_half_up", c.round_half_up},
          {"step_shift", c.step_shift}};
}

}  // namespace

void describe_run(const Study& study, Device& device, Results& results) {
  Report& report = results.report;
  const Configuration& c = study.configuration();
  report.preset = study.machine().preset;
  report.engine = device.engine();
  report.seed = study.options.seed;
  report.sigma = study.sigma;
  report.kt = study.kt();
  report.git = study.options.git;
  report.config_hash = c.hash_text();
  if (study.machine().network.empty()) report.targets = study.options.targets;
  report.not_judged = study.not_judged;
  report.interface_parameters = static_cast<std::uint64_t>(study.machine().interface.parameters());
  report.extra["array"] = {{"lanes", c.lanes},
                           {"settle_steps", study.plan.settle_steps},
                           {"window_steps", study.plan.window_steps},
                           {"kt_realised", realised_kt(study.fixed->gains(study.kt()), study.fixed->contents, c)},
                           {"formats", formats(c)}};
}

void describe_ending(const Study& study, const Settled& settled, Ending ending, Results& results) {
  const Eigen::Index samples = settled.batch.samples;
  if (results.report.not_judged.empty()) results.report.not_judged = why_not_judged(samples);
  if (ending == Ending::failed)
    results.not_taken["run"] = "the device failed: measures that were not reached are empty";
  if (ending == Ending::interrupted) results.not_taken["run"] = "interrupted: measures that were not reached are empty";
  results.report.extra["run"] = {{"samples_asked", study.options.samples},
                                 {"samples_compared", study.compared(samples)},
                                 {"interrupted", ending == Ending::interrupted},
                                 {"not_taken", results.not_taken}};
}

}  // namespace settle
