// A run is a pipeline: inputs -> samples -> settling -> measures -> outputs. Each stage is handed what it needs; this
// file says in which order they come, and what becomes of a run that does not get to its end.
//
// - An error before the first sample is settled ends the run: nothing is written.
// - Ctrl-C (`stop`) ends the stage that is at work. If a sample was settled, what is complete is reported and the exit
//   status is 130.
// - A device that fails ends the stage likewise, once what other threads have begun is done; what is complete is
//   reported, and then the failure is thrown on.
// - A measure that the machine does not allow costs only itself: see Results::take.
#include "study/run/run_command.hpp"

#include <chrono>
#include <exception>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/folder_lock.hpp"
#include "base/program.hpp"
#include "device/engine_names.hpp"
#include "report/judgement.hpp"
#include "report/measures.hpp"
#include "study/run/beside.hpp"
#include "study/run/inputs.hpp"
#include "study/run/measurements.hpp"
#include "study/run/outputs.hpp"
#include "study/run/results.hpp"
#include "study/run/run_arrays.hpp"
#include "study/run/run_facts.hpp"
#include "study/run/run_progress.hpp"
#include "study/run/samples.hpp"
#include "study/run/settled.hpp"
#include "study/run/summary.hpp"
#include "study/run/work.hpp"

namespace settle {

namespace {

/// Finds out how long the run will take and says so, unless nobody is to be told. The probes for that take as many
/// cycles as this computer is fast: a waveform would begin elsewhere every time.
void estimate(const Study& study, RunArrays& arrays) {
  if (study.options.quiet) return;
  print_notes(study);
  if (!study.options.trace.empty()) return;
  const Rates rates = measured_rates(study, arrays, !study.options.quick);
  const PhaseSeconds seconds = expected_seconds(study, rates, arrays);
  study.progress.expect(seconds);
  print_expectation(study, rates, std::accumulate(seconds.begin(), seconds.end(), 0.0));
}

/// Where the ensemble engine does not take the machine: why its samples take as long as the model's.
void tell_if_not_proved(const Study& study, RunArrays& arrays, Results& results) {
  const std::string& reason = arrays.batches().not_proved();
  if (reason.empty()) return;
  const std::string text = reason + ": the model settles the samples";
  results.not_taken["run.engine"] = text;
  if (!study.options.quiet) fmt::print("{}: {}\n", study.fixed->name, text);
}

/// All that is measured beside the settling itself, its scores and its pictures. The longest work is asked for first:
/// what comes last is what cores that are free share.
void measure_beside(const Study& study, const Settled& settled, RunArrays& arrays, Results& results) {
  RestPoints rest(study);
  Beside beside(study.threads(), study.stop, study.progress);
  if (!study.options.quick) {
    const Eigen::Index count = study.compared(settled.batch.samples);
    const auto readouts = std::make_shared<Readouts>(study, arrays.batches(), count);
    measure_fluctuations(study, settled, arrays, rest, beside, results);
    measure_heat(study, arrays, beside, results);
    measure_word_lengths(study, settled, arrays, rest, readouts, beside, results);
    measure_settling_curves(study, settled, arrays, rest, beside, results);
    measure_comparisons(study, count, readouts, beside, results);
    readouts->settle(beside, "comparisons");
  }
  measure_film(study, settled, arrays, beside, results);
  beside.run(results);
}

/// Gives the reason for all that measure_beside() would have filled: whole groups, and measures of others.
void leave_out_beside(Results& results) {
  for (const char* measure : {"decoder.oracle", "decoder.frozen_interface", "decoder.share_of_frozen",
                              "conditioning_deficit", "conditioning_deficit_paper", "decoder_shift", "heat"}) {
    results.not_taken[measure] = kLeftOut;
  }
  for (const ShownMeasure& measure : shown_measures()) {
    const std::string name = measure.name;
    if (name.rfind("fixed_point.", 0) == 0 || name.rfind("settling.", 0) == 0) results.not_taken[name] = kLeftOut;
  }
}

/// Measures until the run is complete, interrupted or its device fails; then `failure` is the device's.
Ending measure(const Study& study, const Settled& settled, RunArrays& arrays, Results& results,
               std::exception_ptr& failure) {
  results.report.samples = static_cast<std::uint64_t>(settled.batch.samples);
  measure_scores(study, settled, results);
  count_work(study, settled, results);
  measure_images(study, settled, results);
  failure = settled.failure;
  if (failure) return study.stop() ? Ending::interrupted : Ending::failed;
  if (study.stop()) return Ending::interrupted;
  try {
    if (study.options.quick) leave_out_beside(results);
    measure_beside(study, settled, arrays, results);
  } catch (const Interrupted&) {
    return Ending::interrupted;
  } catch (const DeviceError&) {
    if (study.stop()) return Ending::interrupted;  // then a board is waited for no longer
    failure = std::current_exception();
    return Ending::failed;
  }
  return Ending::complete;
}

/// The exit status of a complete run whose targets are checked.
int check(const Report& report) {
  const std::string failure = check_failure(report);
  if (failure.empty()) return kExitOk;
  tell("settle", "--check: " + failure);
  return kExitCheckMissed;
}

}  // namespace

int run_command(const RunOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop) {
  const auto begin = std::chrono::steady_clock::now();
  RunProgress progress(options.progress);
  const auto watched_stop = [&] {
    progress.tick();
    return stop();
  };
  check_outputs(options);
  const FolderLock lock(options.out, "settle run");
  Study study = read_study(options, make_device, watched_stop, progress);
  RunArrays arrays(study);
  Device& device = arrays.own().first().device();
  estimate(study, arrays);
  make_samples(study);

  Results results;
  describe_run(study, device, results);
  if (options.engine == kEnsembleEngine) tell_if_not_proved(study, arrays, results);
  const Settled settled = settle_samples(study, arrays);
  if (settled.batch.samples < 1) {
    if (settled.failure) std::rethrow_exception(settled.failure);
    throw Interrupted(std::string("interrupted before a sample was settled: ") +
                      (options.trace.empty() ? "nothing is written" : "no result is written; the waveform ends here"));
  }
  std::exception_ptr failure;
  const Ending ending = measure(study, settled, arrays, results, failure);
  results.report.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  describe_ending(study, settled, ending, results);
  progress.clear();
  write_outputs(study, settled, results);
  if (!options.quiet) print_summary(study, settled, results);
  device.finish();
  if (failure) std::rethrow_exception(failure);
  if (ending == Ending::complete) return options.check ? check(results.report) : kExitOk;
  if (!options.quiet) {
    tell("settle", fmt::format("interrupted: {} of {} samples were settled, measures that were not reached are empty",
                               settled.batch.samples, options.samples));
  }
  return kExitInterrupted;
}

}  // namespace settle
