// `settle sweep`: its options.
#include "study/sweep/sweep_command.hpp"

#include <memory>
#include <string>

#include "base/command_line/command_line.hpp"
#include "programs/settle/commands.hpp"
#include "programs/settle/device_choice.hpp"

namespace settle {

namespace {

/// What the options fill in.
struct SweepSettings {
  SweepOptions sweep;
  DeviceChoice device;
  std::string shard;
};

/// Reads what is still text, and refuses what does not go together.
void check_set(SweepSettings& settings) {
  SweepOptions& sweep = settings.sweep;
  if (!settings.shard.empty()) sweep.shard = parse_shard(settings.shard);
  if (sweep.collect && !settings.shard.empty()) throw error("--collect: the table is of all points, without --shard");
}

}  // namespace

ProgramCommand add_sweep(CommandLine& app, const Surroundings& surroundings) {
  const auto settings = std::make_shared<SweepSettings>();
  SweepOptions& sweep = settings->sweep;
  sweep.run = shipped_run(surroundings);
  sweep.out = "out/sweep";
  settings->device.stop = surroundings.stop;
  settings->device.engines = surroundings.engines;
  CommandOptions* command = app.add_command("sweep", "run a plan: settle run over a grid of options and word lengths");
  command->add_option("plan", sweep.plan, "plan file, JSON (host/study/sweep/README.md says what it holds)")
      ->check(path())
      ->required();
  command->add_option("--out", sweep.out, "folder for sweep.csv and the runs' own folders")
      ->check(path())
      ->shows_default();
  command->add_option("--jobs", sweep.jobs, "points at a time, 0: one per core, or one if any is on a board")
      ->check(whole(0, kMostJobs))
      ->shows_default();
  command->add_option("--shard", settings->shard,
                      "I/N: run every N-th point alone, from the I-th on; --collect then writes sweep.csv");
  command->add_flag("--collect", sweep.collect, "run nothing: the table of what shards and others have left");
  command->add_option("--mnist", sweep.run.mnist, "folder of the whole MNIST")->check(path())->shows_default();
  return {command,
          [settings, &surroundings] {
            settings->sweep.run.built_as = board_reader(settings->device);
            settings->sweep.take_preset = [&](RunOptions& run, const std::string& what) {
              take_preset(run, surroundings, what);
            };
            settings->sweep.check_device = check_device;
            return sweep_command(settings->sweep, device_maker(settings->device), surroundings.stop);
          },
          [settings] { check_set(*settings); }};
}

}  // namespace settle
