// settle: settles a U-Net's activations on the cell array. Commands: run, sweep, fit, import, configure,
// devices, info.
#include <string>
#include <vector>

#include "base/command_line/command_line.hpp"
#include "base/program.hpp"
#include "generated/build.hpp"
#include "programs/settle/commands.hpp"

namespace {

constexpr const char* kProgram = "settle";

/// Reads the command line and does what it says. Returns the exit status.
int settle_program(int argc, char** argv) {
  const settle::Surroundings surroundings = settle::surroundings(settle::stop_requested);
  settle::CommandLine app(kProgram, "Settles a denoising U-Net's activations on an array of stochastic Langevin cells");
  app.set_version(std::string("settle, commit ") + settle::kGit);
  const std::vector<settle::ProgramCommand> commands = {
      settle::add_run(app, surroundings), settle::add_sweep(app, surroundings),
      settle::add_fit(app, surroundings), settle::add_import(app),
      settle::add_configure(app),         settle::add_devices(app, surroundings),
      settle::add_info(app, surroundings)};
  const auto check = [&] { settle::check_given(commands); };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  settle::catch_stop_signals();
  return settle::do_given(commands);
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  return settle::run_program(kProgram, [&] { return settle_program(argc, argv); });
}
