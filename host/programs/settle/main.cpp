// settle: settles a U-Net's activations on the cell array. Commands: run, sweep, fit, devices, info.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "generated/build.hpp"
#include "programs/settle/commands.hpp"

namespace {

volatile std::sig_atomic_t stop_requested = 0;

void on_interrupt(int) { stop_requested = 1; }

/// The first Ctrl-C asks, and ends a call that waits; the second one ends the program as usual. A file that grows too
/// large is an error of its writing, not the program's end.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool stop() { return stop_requested != 0; }

/// One line on stderr and the exit status.
int refuse(const std::string& message, int status) {
  std::fprintf(stderr, "settle: %s\n", settle::one_line(message).c_str());
  return status;
}

bool flushed() {
  std::cout.flush();  // of CLI11's help
  return std::cout.good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

int refuse_output() { return refuse(fmt::format("standard output cannot be written: {}", std::strerror(errno)), 1); }

/// Reads the command line and does what it says. Returns the exit status.
int settle_program(int argc, char** argv) {
  const settle::Surroundings surroundings = settle::surroundings(stop);
  CLI::App app("Settles a denoising U-Net's activations on an array of stochastic Langevin cells");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", std::string("settle, commit ") + settle::kGit);
  const std::vector<settle::Command> commands = {
      settle::add_run(app, surroundings), settle::add_sweep(app, surroundings), settle::add_fit(app, surroundings),
      settle::add_devices(app), settle::add_info(app, surroundings)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);  // --help, --version
  } catch (const CLI::ParseError& e) {
    const std::vector<CLI::App*> given = app.get_subcommands();
    const std::string command = given.empty() ? "" : " " + given.front()->get_name();
    return refuse(fmt::format("{} (settle{} --help lists the options)", e.what(), command), 2);
  }
  const auto given =
      std::find_if(commands.begin(), commands.end(), [](const settle::Command& c) { return c.options->parsed(); });
  if (given == commands.end()) {
    return refuse("a command is needed: run, sweep, fit, devices or info (see settle --help)", 2);
  }
  catch_signals();
  return given->body();
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  try {
    const int status = settle_program(argc, argv);
    return flushed() ? status : refuse_output();
  } catch (const std::bad_alloc&) {
    return refuse("not enough memory", 1);
  } catch (const std::system_error& e) {  // of fmt: standard output
    return refuse(fmt::format("standard output cannot be written: {}", e.code().message()), 1);
  } catch (const std::exception& e) {
    return refuse(e.what(), stop() ? 130 : 1);
  }
}
