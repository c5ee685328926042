// settle-netlist-BOARD, settle-bitstream-BOARD: random arrays on the verilated netlist or bitstream of a board, driven
// through its pins, against the bit-exact model.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "base/splitmix.hpp"
#include "base/terminal.hpp"
#include "base/text_table.hpp"
#include "device/identity.hpp"
#include "device/link/link_device.hpp"
#include "generated/build.hpp"
#include "sim/board/line/pin_stream.hpp"
#include "sim/board/netlist/netlist_board.hpp"
#include "sim/board/netlist/synthesis_record.hpp"
#include "sim/equivalence/array_comparison.hpp"

namespace {

using namespace settle;

struct Options {
  std::uint64_t seed = 1;
  int arrays = 3;
  std::uint64_t steps = 200;  ///< at least, of all arrays together
  int segment_steps = 20;     ///< at most, of one segment of a schedule
  std::filesystem::path out;
};

std::string program() { return fmt::format("settle-{}-{}", netlist_board().engine, netlist_board().board); }

struct Result {
  ComparisonCounts total;
  std::uint64_t runs = 0, cycles = 0;
  Identity identity;
};

/// Throws Error if what was simulated is not what the build's folder holds.
void check_origin(const Identity& found, const SynthesisRecord& record) {
  const auto check = [&](const char* field, const std::string& wanted, const std::string& has) {
    if (wanted == has) return;
    throw error("{}: {}: {}, but the {} says {}: it was verilated from something else", record.file.string(), field,
                one_line(wanted), netlist_board().engine, has);
  };
  check("configuration_hash", record.configuration_hash, found.configuration.hash_text());
  check("hardware_hash", record.hardware_hash.substr(0, 8), fmt::format("{:08x}", found.hardware));
}

/// Powers a board up, loads one random array and compares until it has done its share of the steps.
void compare_array(const Options& options, int index, const SynthesisRecord& record, Result& result,
                   std::vector<std::vector<std::string>>& table) {
  const std::uint64_t seed = mix64(options.seed * 1000 + static_cast<std::uint64_t>(index));
  auto stream = std::make_unique<PinStream>(make_netlist_board(static_cast<std::uint32_t>(seed >> 33) + 1));
  const PinBoard& board = stream->line().board();
  LinkTimes times{std::chrono::milliseconds(200), 8};  // of simulated time
  times.stop = stop_requested;
  LinkDevice device(std::move(stream), times);
  result.identity = identify(device);
  check_origin(result.identity, record);
  const auto size = index % 3 == 2 ? equivalence::RandomArray::Size::extreme : equivalence::RandomArray::Size::small;
  const equivalence::RandomArray array(result.identity.configuration, seed, size, options.segment_steps);
  ArrayComparison comparison(device, result.identity.configuration, array);

  const auto arrays = static_cast<std::uint64_t>(options.arrays);
  const std::uint64_t share = (options.steps + arrays - 1) / arrays;
  std::uint64_t steps = 0;
  // From the random state; on from there, sums kept; from zero. Then again.
  using namespace registers;
  const std::uint32_t controls[] = {kControlStart | kControlClear, kControlStart,
                                    kControlStart | kControlZero | kControlClear};
  for (std::size_t run = 0; run < 2 || steps < share; ++run) {
    const std::uint64_t before = board.cycles();
    const std::uint32_t control = controls[run % std::size(controls)];
    const ComparisonCounts counts = comparison.run(control);
    steps += counts.steps;
    result.total.add(counts);
    ++result.runs;
    table.push_back({fmt::format("{}, {} numbers", index + 1, index % 3 == 2 ? "extreme" : "small"),
                     fmt::format("{}", control), fmt::format("{}", array.cells), fmt::format("{}", array.words),
                     fmt::format("{}", counts.steps), fmt::format("{}", counts.values),
                     fmt::format("{}", counts.mismatches), fmt::format("{}", board.cycles() - before)});
    if (can_redraw()) {
      redraw_line(fmt::format("{}: {} steps, {} mismatches", program(), result.total.steps, result.total.mismatches));
    }
  }
  result.cycles += board.cycles();
}

int run(const Options& options) {
  const NetlistBoard& from = netlist_board();
  check_writable(options.out, "--out");
  remove_older(options.out, "--out");
  const SynthesisRecord record = read_synthesis_record(from.folder);
  Result result;
  std::vector<std::vector<std::string>> table = {
      {"array", "control", "cells", "words", "steps", "values", "mismatches", "clock cycles"}};
  bool interrupted = false;
  try {
    for (int i = 0; i < options.arrays; ++i) compare_array(options, i, record, result, table);
  } catch (const std::exception&) {
    // Runs that are compared already count.
    interrupted = stop_requested();
    if (!interrupted || result.runs == 0) throw;
  }
  if (can_redraw()) std::fputc('\n', stderr);
  const Configuration& c = result.identity.configuration;
  nlohmann::ordered_json report;
  report["board"] = from.board;
  report["build"] = from.build;
  report["engine"] = from.engine;
  report["steps"] = result.total.steps;
  report["mismatches"] = result.total.mismatches;
  report["states"] = result.total.states;
  report["values"] = result.total.values;
  report["arrays"] = options.arrays;
  report["runs"] = result.runs;
  report["interrupted"] = interrupted;
  report["clock_cycles"] = result.cycles;
  report["seed"] = options.seed;
  report["lanes"] = c.lanes;
  report["configuration_hash"] = c.hash_text();
  report["hardware_hash"] = record.hardware_hash;
  report["netlist_hash"] = record.netlist_hash;
  report["program"] = kGit;
  write_atomically(options.out, to_text(report));

  fmt::print("{} of {}, build {}: configuration {}, {} lanes, hardware {:08x}\n\n{}\n", from.engine, from.board,
             from.build, c.hash_text(), c.lanes, result.identity.hardware, text_table(table));
  fmt::print("{} steps, {} states and {} values in all compared with the model: {} mismatches; {}\n",
             result.total.steps, result.total.states, result.total.values, result.total.mismatches,
             options.out.string());
  if (result.total.mismatches > 0) fmt::print("first: {}\n", result.total.first_mismatch);
  if (result.total.mismatches > 0) return kExitFailed;
  if (interrupted) return refuse(program(), "interrupted: only the runs above were compared", kExitInterrupted);
  return kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  const NetlistBoard& from = netlist_board();
  Options options;
  options.out = std::filesystem::path(from.folder) / (from.engine + ".json");
  CommandLine app(program(), fmt::format("Compares the {} of {}, driven through its pins, with the bit-exact model",
                                         from.engine, from.board));
  app.set_version(fmt::format("{}, commit {}", program(), kGit));
  app.add_option("--seed", options.seed, "of all random numbers, those of the power-up included")
      ->check(whole(0))
      ->shows_default();
  app.add_option("--arrays", options.arrays, "random arrays, each on a board of its own")
      ->check(whole(1, 10000))
      ->shows_default();
  app.add_option("--steps", options.steps, "steps in all, at least")->check(whole(1, 1'000'000'000))->shows_default();
  app.add_option("--segment-steps", options.segment_steps, "steps of one segment of a schedule, at most")
      ->check(whole(1, 1'000'000))
      ->shows_default();
  app.add_option("--out", options.out, "file for the result")->check(path())->shows_default();
  if (const auto status = app.parse(argc, argv)) return *status;
  return run_program(program(), [&options] {
    catch_stop_signals();
    return run(options);
  });
}
