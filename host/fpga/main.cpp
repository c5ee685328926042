// settle-fpga: from the RTL to boards. Commands: build.
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "core/standard_streams.hpp"
#include "fpga/build_command.hpp"
#include "fpga/process.hpp"
#include "generated/build.hpp"
#include "settle/command_line.hpp"

namespace {

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

void add_plan(CLI::App* command, settle::PlanOptions& plan) {
  command->add_option("--board", plan.board, "folder in --constraints")->required()->check(path());
  command->add_option("--build", plan.build, "one of the board's builds; default: its first");
}

void add_places(CLI::App* command, settle::PlanOptions& plan) {
  command->add_option("--constraints", plan.constraints, "folder of the boards")->check(path())->capture_default_str();
  command->add_option("--rtl", plan.rtl, "folder of the RTL")->check(path())->capture_default_str();
  command->add_option("--out", plan.out, "folder for builds")->check(path())->capture_default_str();
  command->add_option("--assets", plan.assets, "folder of the machines that ship")->check(path());
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  catch_signals();
  CLI::App app("Builds the array for FPGA boards");
  app.require_subcommand(1);
  settle::BuildOptions options;
  options.plan.assets = settle::kAssets;
  CLI::App* build = app.add_subcommand("build", "iCE40: synthesis, place-and-route, bitstream");
  add_plan(build, options.plan);
  add_places(build, options.plan);
  build->add_option("--seeds", options.seeds, "place-and-route with seeds 1 to N, the best is packed")
      ->check(whole(1, settle::kMostSeeds))
      ->capture_default_str();
  build->add_option("--jobs", options.jobs, "seeds side by side")->check(whole(1, 256))->capture_default_str();
  build->add_flag("--fresh", options.fresh, "do everything again");
  CLI11_PARSE(app, argc, argv);
  try {
    if (build->parsed()) settle::build(options, stop);
  } catch (const settle::Stopped& e) {
    std::fprintf(stderr, "settle-fpga: %s\n", e.what());
    return 130;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "settle-fpga: %s\n", e.what());
    return 1;
  }
  return 0;
}
