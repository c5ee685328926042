#include "sim/board/netlist/netlist_comparison.hpp"

#include <cstdio>
#include <exception>
#include <memory>

#include "base/error.hpp"
#include "base/program.hpp"
#include "base/splitmix.hpp"
#include "base/terminal.hpp"
#include "device/link/link_device.hpp"
#include "sim/board/line/pin_stream.hpp"
#include "sim/board/netlist/netlist_board.hpp"

namespace settle {

namespace {

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
void compare_array(const NetlistArrays& options, int index, const SynthesisRecord& record, NetlistComparison& result) {
  const std::uint64_t seed = mix64(options.seed * 1000 + static_cast<std::uint64_t>(index));
  auto stream = std::make_unique<PinStream>(make_netlist_board(static_cast<std::uint32_t>(seed >> 33) + 1));
  const PinBoard& board = stream->line().board();
  LinkTimes times = pin_times();
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
    result.table.push_back({fmt::format("{}, {} numbers", index + 1, index % 3 == 2 ? "extreme" : "small"),
                            fmt::format("{}", control), fmt::format("{}", array.cells), fmt::format("{}", array.words),
                            fmt::format("{}", counts.steps), fmt::format("{}", counts.values),
                            fmt::format("{}", counts.mismatches), fmt::format("{}", board.cycles() - before)});
    if (can_redraw()) {
      redraw_line(
          fmt::format("{}: {} steps, {} mismatches", netlist_program(), result.total.steps, result.total.mismatches));
    }
  }
  result.cycles += board.cycles();
}

}  // namespace

std::string netlist_program() { return fmt::format("settle-{}-{}", netlist_board().engine, netlist_board().board); }

NetlistComparison compare_arrays(const NetlistArrays& arrays, const SynthesisRecord& record) {
  NetlistComparison result;
  result.table = {{"array", "control", "cells", "words", "steps", "values", "mismatches", "clock cycles"}};
  try {
    for (int i = 0; i < arrays.arrays; ++i) compare_array(arrays, i, record, result);
  } catch (const std::exception&) {
    // Runs that are compared already count.
    result.interrupted = stop_requested();
    if (!result.interrupted || result.runs == 0) throw;
  }
  if (can_redraw()) std::fputc('\n', stderr);
  return result;
}

}  // namespace settle
