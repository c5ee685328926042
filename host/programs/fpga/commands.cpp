#include "programs/fpga/commands.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "base/error.hpp"
#include "base/program.hpp"
#include "fpga/board.hpp"
#include "fpga/build_command.hpp"
#include "fpga/check_command.hpp"
#include "fpga/plan.hpp"
#include "fpga/prog_command.hpp"
#include "fpga/report_command.hpp"
#include "fpga/show_command.hpp"
#include "fpga/synth_command.hpp"
#include "programs/source_tree.hpp"

namespace settle {

namespace {

void add_plan(CommandOptions* command, PlanOptions& plan) {
  command->add_option("--board", plan.board, "folder in --constraints")->required()->check(path());
  command->add_option("--build", plan.build, "one of the board's builds; default: its first");
}

void add_constraints(CommandOptions* command, std::filesystem::path& constraints) {
  command->add_option("--constraints", constraints, "folder of the boards")->check(path())->shows_default();
}

void add_places(CommandOptions* command, PlanOptions& plan) {
  add_constraints(command, plan.constraints);
  command->add_option("--rtl", plan.rtl, "folder of the RTL")->check(path())->shows_default();
  command->add_option("--out", plan.out, "folder for builds")->check(path())->shows_default();
  command->add_option("--assets", plan.assets, "folder of the machines that ship (default: host/assets)")
      ->check(path());
}

/// The places, with the machines that ship where no others were named. Throws Error if the folder that was named
/// is not there.
PlanOptions with_assets(PlanOptions plan) {
  std::error_code none;
  if (!plan.assets.empty() && !std::filesystem::is_directory(plan.assets, none)) {
    throw error("--assets: {}: no such folder", plan.assets.string());
  }
  if (plan.assets.empty()) plan.assets = source_tree() / "host" / "assets";
  return plan;
}

void add_placing(CommandOptions* command, BuildOptions& options) {
  command->add_option("--seeds", options.seeds, "place-and-route with seeds 1 to N, the best is packed")
      ->check(whole(1, kMostSeeds))
      ->shows_default();
  command->add_option("--jobs", options.jobs, "seeds side by side")->check(whole(1, 256))->shows_default();
  command->add_flag("--fresh", options.fresh, "do everything again");
}

}  // namespace

ProgramCommand add_list(CommandLine& app) {
  struct Settings {
    std::filesystem::path constraints = "constraints";
    std::string family;
  };
  const auto settings = std::make_shared<Settings>();
  CommandOptions* command = app.add_command("list", "names of the boards, one per line");
  add_constraints(command, settings->constraints);
  command->add_option("--family", settings->family, "only boards of this family")->check(known(family_names()));
  return {command, [settings] { return list_boards(settings->constraints, settings->family); }};
}

ProgramCommand add_show(CommandLine& app) {
  struct Settings {
    std::filesystem::path constraints = "constraints";
    std::string board;
    std::optional<std::string> field;
  };
  const auto settings = std::make_shared<Settings>();
  CommandOptions* command = app.add_command("show", "what board.json says of a board");
  command->add_option("--board", settings->board, "folder in --constraints")->required()->check(path());
  add_constraints(command, settings->constraints);
  command->add_option("--field", settings->field, "only the value of this field");
  return {command,
          [settings] {
            show_board(read_board(settings->constraints, settings->board), settings->field);
            return kExitOk;
          },
          [settings] {
            if (settings->field) check_field(*settings->field);
          }};
}

ProgramCommand add_check(CommandLine& app) {
  const auto options = std::make_shared<CheckOptions>();
  CommandOptions* command = app.add_command("check", "whether every board's builds are right, before any tool runs");
  add_places(command, options->plan);
  command->add_option("--board", options->boards, "only this one; may be given several times")->check(path());
  command->add_option("--packages", options->packages, "folder for every build's packages, and their list")
      ->check(path());
  return {command, [options] {
            options->plan = with_assets(options->plan);
            return check(*options);
          }};
}

ProgramCommand add_build(CommandLine& app) {
  const auto options = std::make_shared<BuildOptions>();
  CommandOptions* command = app.add_command("build", "iCE40: synthesis, place-and-route, bitstream");
  add_plan(command, options->plan);
  add_places(command, options->plan);
  add_placing(command, *options);
  command->add_flag("--keep", options->keep,
                    "leave a bitstream of the same sources, pins and clock, whatever its seeds");
  return {command, [options] {
            options->plan = with_assets(options->plan);
            build(*options, stop_requested);
            return kExitOk;
          }};
}

ProgramCommand add_synth(CommandLine& app) {
  struct Settings {
    SynthOptions options;
    bool no_limit = false, no_place = false;
  };
  const auto settings = std::make_shared<Settings>();
  BuildOptions& build_options = settings->options.build;
  CommandOptions* command =
      app.add_command("synth", "what a board takes: synthesis, resources, estimated limit of lanes");
  add_plan(command, build_options.plan);
  add_places(command, build_options.plan);
  add_placing(command, build_options);
  command->add_flag("--no-limit", settings->no_limit, "leave out the limit, which takes a second synthesis");
  command->add_flag("--no-place", settings->no_place, "leave out place-and-route");
  return {command, [settings] {
            SynthOptions& options = settings->options;
            options.build.plan = with_assets(options.build.plan);
            options.limit = !settings->no_limit;
            options.place = !settings->no_place;
            synth(options, stop_requested);
            return kExitOk;
          }};
}

ProgramCommand add_prog(CommandLine& app) {
  const auto options = std::make_shared<PlanOptions>();
  CommandOptions* command = app.add_command("prog", "loads the bitstream into the board");
  add_plan(command, *options);
  add_places(command, *options);
  return {command, [options] {
            program_board(with_assets(*options), stop_requested);
            return kExitOk;
          }};
}

ProgramCommand add_report(CommandLine& app) {
  struct Settings {
    ReportOptions options;
    bool no_limit = false;
  };
  const auto settings = std::make_shared<Settings>();
  ReportOptions& options = settings->options;
  options.build.seeds = 5;
  CommandOptions* command = app.add_command("report", "every board's builds in one table");
  add_places(command, options.build.plan);
  add_placing(command, options.build);
  command->add_option("--board", options.boards, "only this one; may be given several times")->check(path());
  command->add_option("--speed", options.speed, "what settle-fpga-speed wrote")->check(path());
  command->add_flag("--no-limit", settings->no_limit, "leave out the limits, which take a second synthesis each");
  return {command, [settings] {
            settings->options.build.plan = with_assets(settings->options.build.plan);
            settings->options.limit = !settings->no_limit;
            return report(settings->options, stop_requested);
          }};
}

}  // namespace settle
