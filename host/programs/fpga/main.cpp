// settle-fpga: from the RTL to boards. Commands: list, show, check, build, synth, prog, report.
#include <CLI/CLI.hpp>

#include "fpga/build_command.hpp"
#include "fpga/check_command.hpp"
#include "fpga/prog_command.hpp"
#include "fpga/report_command.hpp"
#include "fpga/show_command.hpp"
#include "fpga/synth_command.hpp"
#include "programs/command_line.hpp"
#include "programs/source_tree.hpp"

namespace {

using settle::known;
using settle::path;
using settle::whole;

constexpr const char* kProgram = "settle-fpga";

void add_plan(CLI::App* command, settle::PlanOptions& plan) {
  command->add_option("--board", plan.board, "folder in --constraints")->required()->check(path());
  command->add_option("--build", plan.build, "one of the board's builds; default: its first");
}

void add_constraints(CLI::App* command, std::filesystem::path& constraints) {
  command->add_option("--constraints", constraints, "folder of the boards")->check(path())->capture_default_str();
}

void add_places(CLI::App* command, settle::PlanOptions& plan) {
  add_constraints(command, plan.constraints);
  command->add_option("--rtl", plan.rtl, "folder of the RTL")->check(path())->capture_default_str();
  command->add_option("--out", plan.out, "folder for builds")->check(path())->capture_default_str();
  command->add_option("--assets", plan.assets, "folder of the machines that ship (default: host/assets)")
      ->check(path());
}

/// Where none was named: those that ship.
void take_assets(settle::PlanOptions& plan) {
  if (plan.assets.empty()) plan.assets = settle::source_tree() / "host" / "assets";
}

void add_placing(CLI::App* command, settle::BuildOptions& options) {
  command->add_option("--seeds", options.seeds, "place-and-route with seeds 1 to N, the best is packed")
      ->transform(whole(1, settle::kMostSeeds))
      ->capture_default_str();
  command->add_option("--jobs", options.jobs, "seeds side by side")->transform(whole(1, 256))->capture_default_str();
  command->add_flag("--fresh", options.fresh, "do everything again");
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  CLI::App app("Builds the array for FPGA boards");
  app.require_subcommand(1);
  settle::BuildOptions options;
  std::filesystem::path constraints = "constraints";
  std::string family, shown, field;
  CLI::App* list = app.add_subcommand("list", "names of the boards, one per line");
  add_constraints(list, constraints);
  list->add_option("--family", family, "only boards of this family")->check(known(settle::family_names()));
  CLI::App* show = app.add_subcommand("show", "what board.json says of a board");
  show->add_option("--board", shown, "folder in --constraints")->required()->check(path());
  add_constraints(show, constraints);
  show->add_option("--field", field, "only the value of this field");
  settle::CheckOptions check_options;
  CLI::App* check = app.add_subcommand("check", "whether every board's builds are right, before any tool runs");
  add_places(check, check_options.plan);
  check->add_option("--board", check_options.boards, "only this one; may be given several times")->check(path());
  check->add_option("--packages", check_options.packages, "folder for every build's packages, and their list")
      ->check(path());
  CLI::App* build = app.add_subcommand("build", "iCE40: synthesis, place-and-route, bitstream");
  add_plan(build, options.plan);
  add_places(build, options.plan);
  add_placing(build, options);
  build->add_flag("--keep", options.keep, "leave a bitstream of the same sources, pins and clock, whatever its seeds");
  settle::SynthOptions synth_options;
  bool no_limit = false;
  CLI::App* synth = app.add_subcommand("synth", "what a board takes: synthesis, resources, estimated limit of lanes");
  add_plan(synth, synth_options.build.plan);
  add_places(synth, synth_options.build.plan);
  add_placing(synth, synth_options.build);
  synth->add_flag("--no-limit", no_limit, "leave out the limit, which takes a second synthesis");
  bool no_place = false;
  synth->add_flag("--no-place", no_place, "leave out place-and-route");
  settle::PlanOptions prog_options;
  CLI::App* prog = app.add_subcommand("prog", "loads the bitstream into the board");
  add_plan(prog, prog_options);
  add_places(prog, prog_options);
  settle::ReportOptions report_options;
  report_options.build.seeds = 5;
  bool no_report_limit = false;
  CLI::App* report = app.add_subcommand("report", "every board's builds in one table");
  add_places(report, report_options.build.plan);
  add_placing(report, report_options.build);
  report->add_option("--board", report_options.boards, "only this one; may be given several times")->check(path());
  report->add_option("--speed", report_options.speed, "what settle-fpga-speed wrote")->check(path());
  report->add_flag("--no-limit", no_report_limit, "leave out the limits, which take a second synthesis each");
  if (const auto status = settle::parse(kProgram, app, argc, argv)) return *status;
  return settle::run_program(kProgram, [&] {
    settle::catch_stop_signals();  // the first Ctrl-C ends the tools and keeps what is finished
    synth_options.limit = !no_limit;
    synth_options.place = !no_place;
    if (list->parsed()) return settle::list_boards(constraints, family);
    if (show->parsed()) settle::show_board(settle::read_board(constraints, shown), field);
    if (show->parsed()) return settle::kExitOk;
    for (settle::PlanOptions* plan :
         {&options.plan, &check_options.plan, &synth_options.build.plan, &prog_options, &report_options.build.plan}) {
      take_assets(*plan);
    }
    if (check->parsed()) return settle::check(check_options);
    report_options.limit = !no_report_limit;
    if (build->parsed()) settle::build(options, settle::stop_requested);
    if (synth->parsed()) settle::synth(synth_options, settle::stop_requested);
    if (prog->parsed()) settle::program_board(prog_options, settle::stop_requested);
    return report->parsed() ? settle::report(report_options, settle::stop_requested) : settle::kExitOk;
  });
}
