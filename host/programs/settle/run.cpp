// `settle run`: its options.
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "contract/configuration/changes.hpp"
#include "device/engine_names.hpp"
#include "machine/machine.hpp"
#include "network/graph/graph.hpp"
#include "programs/settle/commands.hpp"
#include "programs/settle/device_choice.hpp"

namespace settle {

namespace {

/// What the options fill in.
struct RunSettings {
  RunOptions run;
  DeviceChoice device;
  std::vector<std::string> formats;
};

void add_experiment(CommandOptions& command, RunSettings& settings, const std::vector<std::string>& presets) {
  RunOptions& run = settings.run;
  command
      .add_option("--preset", run.preset,
                  fmt::format("{} (settle info --presets says what each is)", fmt::join(presets, ", ")))
      ->check(known(presets))
      ->shows_default();
  command
      .add_option(
          "--device,--engine", run.engine,
          fmt::format("{} (verilated, cycle-accurate), {} (bit-exact, fast), {} (the model's bits, many samples "
                      "at once), or a board: serial:PATH[@BAUD], tcp:HOST:PORT",
                      kRtlEngine, kModelEngine, kEnsembleEngine))
      ->check(device_name())
      ->shows_default();
  command
      .add_option("--patience", settings.device.patience,
                  "seconds that a board which goes away, or makes no step, is waited for")
      ->check(whole(0, kMostPatienceSeconds))
      ->shows_default();
  command.add_option("--samples", run.samples, "test images")->check(whole(1, kMostSamples))->shows_default();
  command.add_option("--seed", run.seed, "seed of image noise and thermal noise")->check(whole(0))->shows_default();
  command.add_option("--sigma", run.sigma, "noise level of the images (default: the machine's)")
      ->check(real(kSigmaMin, kSigmaMax));
  command.add_option("--kt", run.kt, "temperature (default: the machine's)")->check(real(0));
  command.add_option("--settle-steps", run.settle_steps, "steps before the window (default: the machine's)")
      ->check(whole(0, kMostSettleSteps));
  command.add_option("--window-steps", run.window_steps, "steps averaged (default: the machine's)")
      ->check(whole(1, kMostWindowSteps));
  command.add_option("--format", settings.formats,
                     fmt::format("engines {} and {}: another word length, as in state=Q4.16 or noise_fraction=6",
                                 kModelEngine, kEnsembleEngine));
}

void add_files(CommandOptions& command, RunOptions& run) {
  command.add_option("--out", run.out, "folder for report.json, settling.csv, readout.csv")
      ->check(path())
      ->shows_default();
  command.add_option("--machine", run.machine, "machine file (default: the preset's)")->check(path());
  command
      .add_option("--network", run.network,
                  "network file that the machine was fitted to (default: the one that the machine names)")
      ->check(path())
      ->shows_default();
  command.add_option("--images", run.shipped_images, "test images: IDX3, .npy or .npz")->check(path())->shows_default();
  command.add_option("--mnist", run.mnist, "folder of the whole MNIST")->check(path())->shows_default();
}

void add_output(CommandOptions& command, RunOptions& run) {
  command.add_flag("--all", run.all_measures, "print every measure, and why one was not taken");
  command.add_flag("--quick", run.quick, "only settle, score and draw: what is measured beside is left out");
  command.add_flag("--energy", run.energy, "also print the energy table and its assumptions");
  command.add_flag("--quiet", run.quiet, "print nothing but errors; the files are written");
  command.add_flag("--check", run.check,
                   fmt::format("exit with {} if a target is missed or the run is not judged", kExitCheckMissed));
}

void add_trace(CommandOptions& command, RtlOptions& rtl) {
  Option* trace =
      command.add_option("--trace", rtl.trace_path, fmt::format("waveform of the {} engine, FST", kRtlEngine))
          ->check(path());
  command.add_option("--trace-from", rtl.trace_from, "first clock cycle of the waveform")
      ->needs(trace)
      ->check(whole(0))
      ->shows_default();
  rtl.trace_to = 100000;
  command.add_option("--trace-to", rtl.trace_to, "cycle at which the waveform ends")
      ->needs(trace)
      ->check(whole(1))
      ->shows_default();
}

/// Reads what is still text, and refuses what does not go together.
void check_set(RunSettings& settings) {
  RunOptions& run = settings.run;
  const RtlOptions& rtl = settings.device.rtl;
  for (const std::string& text : settings.formats) add_change(run.format, text, "--format");
  check_changes(run.format, "--format");
  check_format_engine(run);
  if (!rtl.trace_path.empty() && run.engine != kRtlEngine) {
    throw error("--trace: needs --engine {}", kRtlEngine);
  }
  if (rtl.trace_from >= rtl.trace_to) {
    throw error("--trace-from: {} is not below --trace-to, {}", rtl.trace_from, rtl.trace_to);
  }
}

int run_as_set(RunSettings& settings, const Surroundings& surroundings) {
  RunOptions& run = settings.run;
  take_preset(run, surroundings, "--preset");
  run.trace = settings.device.rtl.trace_path;
  if (!run.trace.empty()) check_writable(run.trace, "--trace");
  run.progress = !run.quiet;
  settings.device.quiet = run.quiet;
  run.built_as = board_reader(settings.device);
  return run_command(run, device_maker(settings.device), surroundings.stop);
}

}  // namespace

ProgramCommand add_run(CommandLine& app, const Surroundings& surroundings) {
  const auto settings = std::make_shared<RunSettings>();
  settings->run = shipped_run(surroundings);
  settings->run.out = "out/run";
  settings->device.stop = surroundings.stop;
  settings->device.engines = surroundings.engines;
  CommandOptions* command = app.add_command("run", "settle held-out images on the array, score them, write a report");
  add_experiment(*command, *settings, preset_names(surroundings.presets));
  add_files(*command, settings->run);
  add_output(*command, settings->run);
  add_trace(*command, settings->device.rtl);
  return {command, [settings, &surroundings] { return run_as_set(*settings, surroundings); },
          [settings, command] {
            settings->run.network_is_default = !command->given("--network");
            check_set(*settings);
          }};
}

}  // namespace settle
