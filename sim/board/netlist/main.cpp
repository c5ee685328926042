// settle-netlist-BOARD, settle-bitstream-BOARD: random arrays on the verilated netlist or bitstream of a board, driven
// through its pins, against the bit-exact model.
#include <filesystem>

#include "base/command_line/command_line.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "generated/build.hpp"
#include "sim/board/netlist/compare_netlist.hpp"
#include "sim/board/netlist/netlist_board.hpp"

using namespace settle;

int main(int argc, char** argv) {
  keep_standard_streams();
  const NetlistBoard& from = netlist_board();
  NetlistArrays arrays;
  std::filesystem::path out = std::filesystem::path(from.folder) / (from.engine + ".json");
  CommandLine app(
      netlist_program(),
      fmt::format("Compares the {} of {}, driven through its pins, with the bit-exact model", from.engine, from.board));
  app.set_version(fmt::format("{}, commit {}", netlist_program(), kGit));
  app.add_option("--seed", arrays.seed, "of all random numbers, those of the power-up included")
      ->check(whole(0))
      ->shows_default();
  app.add_option("--arrays", arrays.arrays, "random arrays, each on a board of its own")
      ->check(whole(1, 10000))
      ->shows_default();
  app.add_option("--steps", arrays.steps, "steps in all, at least")->check(whole(1, 1'000'000'000))->shows_default();
  app.add_option("--segment-steps", arrays.segment_steps, "steps of one segment of a schedule, at most")
      ->check(whole(1, 1'000'000))
      ->shows_default();
  app.add_option("--out", out, "file for the result")->check(path())->shows_default();
  if (const auto status = app.parse(argc, argv)) return *status;
  return run_program(netlist_program(), [&] {
    catch_stop_signals();
    return compare_netlist(arrays, out);
  });
}
