// settle-fpga: from the RTL to boards. Commands: list, show, check, build, synth, prog, report.
#include <vector>

#include "base/command_line/command_line.hpp"
#include "base/program.hpp"
#include "programs/fpga/commands.hpp"

namespace {

constexpr const char* kProgram = "settle-fpga";

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  settle::CommandLine app(kProgram, "Builds the array for FPGA boards");
  const std::vector<settle::ProgramCommand> commands = {
      settle::add_list(app),  settle::add_show(app), settle::add_check(app), settle::add_build(app),
      settle::add_synth(app), settle::add_prog(app), settle::add_report(app)};
  const auto check = [&] { settle::check_given(commands); };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  return settle::run_program(kProgram, [&] {
    settle::catch_stop_signals();  // the first Ctrl-C ends the tools and keeps what is finished
    return settle::do_given(commands);
  });
}
