// settle-board: a whole board in simulation, with its serial line on a pseudo-terminal or a TCP port.
#include <csignal>
#include <cstdlib>
#include <string>

#include <systemc>

#include "base/command_line/command_line.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "base/signals.hpp"
#include "generated/build.hpp"
#include "sim/board/systemc/board_options.hpp"
#include "sim/board/systemc/simulation.hpp"

using namespace settle;

#ifdef __SANITIZE_ADDRESS__
// SystemC leaves its last process by a jump that the sanitizer takes for a stay: its search for leaks at the end would
// read a stack that is gone. The parts of the board are searched in their own tests.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif

int sc_main(int argc, char** argv) {
  CommandLine app(kBoardProgram,
                  "A Settle board in simulation: hosts reach it as `settle run --device` does a real one");
  app.set_version(std::string("settle-board, commit ") + kGit);
  BoardOptions options;
  add_board_options(app, options);
  const auto check = [&] { check_board_options(app, options); };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  ignore_for_itself(SIGPIPE);  // a closed pipe is an error of its writing, not the program's end
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  return run_program(kBoardProgram, [&options] {
    catch_stop_signals();
    if (!options.faults.empty()) check_writable(options.faults, "--faults");
    Simulation simulation(options);
    return options.bench ? simulation.bench() : simulation.run();
  });
}

int main(int argc, char** argv) {
  keep_standard_streams();
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);  // the library asks for it before it calls sc_main
  return sc_core::sc_elab_and_sim(argc, argv);
}
