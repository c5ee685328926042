#include "hil/hil_command.hpp"

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "device/identity.hpp"
#include "generated/build.hpp"
#include "hil/bad_line.hpp"
#include "hil/board_lines.hpp"
#include "hil/outcomes.hpp"
#include "hil/preset.hpp"
#include "hil/wire_cost.hpp"
#include "sim/board/line/pin_stream.hpp"

namespace settle::hil {

namespace {

Outcome judged(const FaultReport& faults, std::uint64_t wanted) {
  const bool held = faults.wrong_results == 0 && faults.hangs == 0 && faults.injected >= wanted;
  return {
      "faults", held ? Outcome::Kind::passed : Outcome::Kind::failed,
      fmt::format("{} injected, {} requests, {} wrong results, {} hangs; sent again {} times, resumed {} times",
                  faults.injected, faults.requests, faults.wrong_results, faults.hangs, faults.mended, faults.resumed),
      0};
}

}  // namespace

int test_board(const HilOptions& options) {
  const std::filesystem::path path = options.out / "report.json";
  check_writable(path, "--out");
  if (!options.junit.empty()) check_writable(options.junit, "--junit");
  check_distinct({{"--out", path}, {"--junit", options.junit}}, {});
  const FolderLock lock(options.out, kHilProgram);
  remove_older(path, "--out");
  if (!options.junit.empty()) remove_older(options.junit, "--junit");
  BoardLines lines(options.device, options.configuration, options.board);
  Board board;
  board.open = [&lines] { return lines.open(); };
  if (lines.in_process()) board.times = pin_times();
  board.times.stop = stop_requested;
  board.seed = options.seed;
  {
    const auto device = board.connect();
    board.name = device->name();
    board.configuration = identify(*device).configuration;
  }
  fmt::print("{}: configuration {}\n", board.name, board.configuration.hash_text());
  nlohmann::json report;
  std::vector<Outcome> outcomes = run_tests(board);
  report["list"] = list_of(outcomes);
  FaultReport faults;
  if (!stop_requested() && options.faults > 0) {
    outcomes.push_back(outcome_of("faults", [&] {
      faults = work_on_bad_line(options, lines, board.configuration);
      return judged(faults, options.faults);
    }));
  }
  for (const char* figure : {"wire_overhead", "bytes_per_inference", "round_trips"}) report[figure] = nullptr;
  if (const std::optional<Machine> machine = preset_of(board.configuration); machine && !stop_requested()) {
    outcomes.push_back(outcome_of("cost on the wire", [&] {
      const WireCost cost = wire_cost(board, *machine);
      report["wire_overhead"] = cost.overhead;
      report["bytes_per_inference"] = cost.bytes_per_inference;
      report["round_trips"] = cost.round_trips;
      return Outcome{"cost on the wire", Outcome::Kind::passed,
                     fmt::format("{:.3f} of the machine's own bytes to load it; an inference: {} bytes, {} round trips",
                                 cost.overhead, cost.bytes_per_inference, cost.round_trips),
                     0};
    }));
  }
  const std::size_t passed = count(outcomes, Outcome::Kind::passed), failed = count(outcomes, Outcome::Kind::failed);
  report["device"] = board.name;
  report["virtual"] = is_virtual(options.device);
  report["config_hash"] = board.configuration.hash_text();
  report["git"] = kGit;
  report["seed"] = options.seed;
  report["interrupted"] = stop_requested();
  report["tests"] = passed + failed;
  report["failed"] = failed;
  report["passed"] = passed;
  report["faults_injected"] = faults.injected;
  report["wrong_results"] = faults.wrong_results;
  report["hangs"] = faults.hangs;
  std::vector<FileText> files{{path, to_text(report)}};
  if (!options.junit.empty()) files.push_back({options.junit, junit_text(kHilProgram, board.name, outcomes)});
  write_together(files);
  fmt::print("{} tests, {} failed; {}\n", passed + failed, failed, path.string());
  if (stop_requested()) return kExitInterrupted;
  return failed == 0 ? kExitOk : kExitFailed;
}

}  // namespace settle::hil
