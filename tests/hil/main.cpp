// settle-hil: one list of tests for every board, real or virtual.
#include <csignal>
#include <filesystem>
#include <string>

#include "base/command_line/command_line.hpp"
#include "base/program.hpp"
#include "base/signals.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "generated/build.hpp"
#include "hil/board_lines.hpp"
#include "hil/hil_command.hpp"

using namespace settle;
using namespace settle::hil;

int main(int argc, char** argv) {
  keep_standard_streams();
  HilOptions options;
  std::error_code unknown;
  options.board = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path() / "settle-board";
  CommandLine app(kHilProgram, "Tests a board, real or virtual, over its link");
  app.set_version(std::string("settle-hil, commit ") + kGit);
  app.add_option("--device", options.device,
                 "virtual (settle-board, started for this), pins (a board in this process), serial:PATH[@BAUD], "
                 "tcp:HOST:PORT")
      ->shows_default();
  app.add_option("--configuration", options.configuration, "of a virtual board")
      ->check(known(configuration_names()))
      ->shows_default();
  app.add_option("--faults", options.faults, "faults of the line to survive, 0: none")
      ->check(whole(0))
      ->shows_default();
  app.add_option("--seed", options.seed, "of all random numbers")->check(whole(0))->shows_default();
  app.add_option("--out", options.out, "folder for report.json")->check(path())->shows_default();
  app.add_option("--junit", options.junit, "file for a JUnit report of the same tests")->check(path());
  const auto check = [&options] { check_device(options.device); };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  ignore_for_itself(SIGPIPE);
  return run_program(kHilProgram, [&options] {
    catch_stop_signals();
    return test_board(options);
  });
}
