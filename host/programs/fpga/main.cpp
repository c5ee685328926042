// settle-fpga: from the RTL to boards. Commands: list, show, check, build, synth, prog, report.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>

#include "base/process.hpp"
#include "base/standard_streams.hpp"
#include "fpga/build_command.hpp"
#include "fpga/check_command.hpp"
#include "fpga/prog_command.hpp"
#include "fpga/report_command.hpp"
#include "fpga/show_command.hpp"
#include "fpga/synth_command.hpp"
#include "generated/build.hpp"
#include "programs/settle/command_line.hpp"

namespace {

using settle::known;
using settle::path;
using settle::whole;

volatile std::sig_atomic_t stop_requested = 0;

void on_interrupt(int) { stop_requested = 1; }

/// The first Ctrl-C ends the tools and keeps what is finished; the second one ends the program as usual.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool stop() { return stop_requested != 0; }

/// One line on stderr and the exit status.
int refuse(const std::string& message, int status) {
  std::fprintf(stderr, "settle-fpga: %s\n", settle::one_line(message).c_str());
  return status;
}

int refuse_output(const std::string& cause) { return refuse("standard output cannot be written: " + cause, 1); }

/// The exit status, unless what was printed got lost.
int flushed(int status) {
  std::cout.flush();  // of CLI11's help
  if (std::cout.good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return refuse_output(std::strerror(errno));
}

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
  command->add_option("--assets", plan.assets, "folder of the machines that ship")->check(path());
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
  catch_signals();
  CLI::App app("Builds the array for FPGA boards");
  app.require_subcommand(1);
  settle::BuildOptions options;
  options.plan.assets = settle::kAssets;
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
  check_options.plan.assets = settle::kAssets;
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
  synth_options.build.plan.assets = settle::kAssets;
  bool no_limit = false;
  CLI::App* synth = app.add_subcommand("synth", "what a board takes: synthesis, resources, estimated limit of lanes");
  add_plan(synth, synth_options.build.plan);
  add_places(synth, synth_options.build.plan);
  add_placing(synth, synth_options.build);
  synth->add_flag("--no-limit", no_limit, "leave out the limit, which takes a second synthesis");
  bool no_place = false;
  synth->add_flag("--no-place", no_place, "leave out place-and-route");
  settle::PlanOptions prog_options;
  prog_options.assets = settle::kAssets;
  CLI::App* prog = app.add_subcommand("prog", "loads the bitstream into the board");
  add_plan(prog, prog_options);
  add_places(prog, prog_options);
  settle::ReportOptions report_options;
  report_options.build.plan.assets = settle::kAssets;
  report_options.build.seeds = 5;
  bool no_report_limit = false;
  CLI::App* report = app.add_subcommand("report", "every board's builds in one table");
  add_places(report, report_options.build.plan);
  add_placing(report, report_options.build);
  report->add_option("--board", report_options.boards, "only this one; may be given several times")->check(path());
  report->add_option("--speed", report_options.speed, "what settle-fpga-speed wrote")->check(path());
  report->add_flag("--no-limit", no_report_limit, "leave out the limits, which take a second synthesis each");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return flushed(app.exit(e));  // --help
  } catch (const CLI::ParseError& e) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    const std::string command = commands.empty() ? "" : " " + commands.front()->get_name();
    return refuse(fmt::format("{} (settle-fpga{} --help lists the options)", e.what(), command), 2);
  }
  try {
    int status = 0;
    synth_options.limit = !no_limit;
    synth_options.place = !no_place;
    if (list->parsed()) status = settle::list_boards(constraints, family);
    if (show->parsed()) settle::show_board(settle::read_board(constraints, shown), field);
    if (check->parsed()) status = settle::check(check_options);
    if (build->parsed()) settle::build(options, stop);
    if (synth->parsed()) settle::synth(synth_options, stop);
    report_options.limit = !no_report_limit;
    if (report->parsed()) status = settle::report(report_options, stop);
    if (prog->parsed()) settle::program_board(prog_options, stop);
    return flushed(status);
  } catch (const settle::Stopped& e) {
    return refuse(e.what(), 130);
  } catch (const std::filesystem::filesystem_error& e) {
    return refuse(fmt::format("{}: {}", e.path1().string(), e.code().message()), 1);
  } catch (const std::system_error& e) {  // of fmt: standard output
    return refuse_output(e.code().message());
  } catch (const std::exception& e) {
    return refuse(e.what(), 1);
  }
}
