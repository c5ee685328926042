// settle-hil: one list of tests for every board, real or virtual.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "base/signals.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/identity.hpp"
#include "device/streams/open_stream.hpp"
#include "device/streams/stream_to.hpp"
#include "generated/build.hpp"
#include "hil/faults.hpp"
#include "hil/faulty_stream.hpp"
#include "hil/junit.hpp"
#include "hil/preset.hpp"
#include "hil/tests.hpp"
#include "hil/virtual_board.hpp"
#include "hil/wire_cost.hpp"
#include "sim/board/line/pin_stream.hpp"
#include "study/run/progress.hpp"

namespace {

using namespace settle;
using namespace settle::hil;

constexpr const char* kProgram = "settle-hil";

struct Options {
  std::string device = "virtual";
  std::string configuration = "anchored";
  std::filesystem::path board;  ///< program of a virtual board
  std::filesystem::path out = "out/hil";
  std::filesystem::path junit;  ///< empty: no such report
  std::uint64_t faults = 2000;
  std::uint64_t seed = 1;
};

/// Throws Error for what is no device here.
void check_device(const std::string& name) {
  if (name == "virtual" || name == "pins") return;
  if (names_stream(name)) {
    try {
      return check_stream_name(name);
    } catch (const Error& e) {
      throw error("--device: {}", e.what());
    }
  }
  throw error(
      "--device: {}: unknown; known are virtual, pins, serial:PATH, serial:PATH@BAUD (or the path alone) and "
      "tcp:HOST:PORT",
      one_line(name));
}

/// The line of `--device`; that of the board in this process stays what it is from one session to the next.
class Lines {
 public:
  explicit Lines(const Options& options) : options_(options) {
    if (options.device == "virtual")
      board_.emplace(options.board, std::vector<std::string>{"--configuration", options.configuration});
    if (in_process()) pins_ = std::make_unique<PinStream>(make_pin_board(options.configuration));
  }

  std::unique_ptr<ByteStream> open() const {
    if (!in_process()) return open_stream(board_ ? board_->device() : options_.device);
    pins_->reopen();
    return std::make_unique<StreamTo>(*pins_);
  }

  bool in_process() const { return options_.device == "pins"; }

 private:
  Options options_;
  std::optional<VirtualBoard> board_;
  std::unique_ptr<PinStream> pins_;
};

/// Of a session on a bad line.
constexpr int kMostBeginnings = 20;

const LinkTimes kPinTimes{std::chrono::milliseconds(200), 8};  // of simulated time

/// All kinds of faults at once on a board in this process, if the device is a virtual one; those that a host can make,
/// on a real one.
FaultReport fault_test(const Options& options, const Lines& lines, const Configuration& configuration) {
  FaultRates rates;
  rates.seed = options.seed;
  rates.drop = rates.flip = rates.repeat = 4e-4;  // a third of the longest frames is hit
  rates.hang_up = 1e-5;
  ResumeOptions resume;
  resume.interval = std::chrono::milliseconds(1);
  resume.stop = stop_requested;
  std::function<std::uint64_t()> injected;
  std::unique_ptr<ByteStream> line, stream;
  const bool in_process = options.device == "pins" || options.device == "virtual";
  if (in_process) {
    rates.delay = 4e-4;
    rates.reset = 3;
    auto pins = std::make_unique<PinStream>(make_pin_board(options.configuration), rates);
    const LineEnd& end = pins->line().host();
    injected = [&end] {
      const auto all = [](const FaultCounts& c) { return c.dropped + c.flipped + c.repeated + c.delayed; };
      return all(end.to_board()) + all(end.to_host()) + end.faults().resets() + end.faults().hang_ups();
    };
    stream = std::move(pins);
  } else {
    line = lines.open();
    auto faulty = std::make_unique<FaultyStream>(*line, rates);
    const FaultyStream& counted = *faulty;
    injected = [&counted] { return counted.injected(); };
    stream = std::move(faulty);
  }
  LinkTimes patient = in_process ? kPinTimes : LinkTimes{};
  patient.attempts = 30;  // a line this bad needs more of them
  patient.stop = resume.stop;
  std::unique_ptr<ResumingDevice> device;
  for (int attempt = 1; !device; ++attempt) {
    try {
      auto link = std::make_unique<LinkDevice>(std::make_unique<StreamTo>(*stream), patient);
      device = std::make_unique<ResumingDevice>(std::move(link), resume);
    } catch (const DeviceError&) {
      if (stop_requested() || attempt == kMostBeginnings) throw;
      stream->reopen();  // it was hit before there was anything to resume
    }
  }
  Progress show("faults");
  return work_under_faults(
      *device, configuration, options.seed, options.faults, injected,
      [&](std::uint64_t done) { show(static_cast<long long>(done), static_cast<long long>(options.faults)); },
      resume.stop);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void print(const Outcome& outcome) {
  fmt::print("{}{}: {}\n", outcome.kind == Outcome::Kind::passed ? "ok      " : "FAILED  ", outcome.name, outcome.text);
  std::fflush(stdout);
}

/// What `test` finds, with its time, printed. What it throws is a failure, so that a report is written whatever breaks.
Outcome outcome_of(const std::string& name, const std::function<Outcome()>& test) {
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome{name, Outcome::Kind::skipped, "interrupted", 0};
  try {
    if (!stop_requested()) outcome = test();
  } catch (const std::exception& e) {
    // What an interruption breaks is no fault of the board's.
    if (!stop_requested()) outcome = {name, Outcome::Kind::failed, e.what(), 0};
  }
  outcome.seconds = seconds_since(begin);
  if (outcome.kind != Outcome::Kind::skipped) print(outcome);
  return outcome;
}

/// Runs every test; what failed is told and does not stop the others. After an interruption the others are skipped.
std::vector<Outcome> run_tests(const Board& board) {
  std::vector<Outcome> all;
  for (const Test& test : tests()) {
    all.push_back(outcome_of(test.name, [&] { return Outcome{test.name, Outcome::Kind::passed, test.run(board), 0}; }));
  }
  return all;
}

/// The tests that were run, for report.json.
nlohmann::json list_of(const std::vector<Outcome>& outcomes) {
  nlohmann::json list = nlohmann::json::array();
  for (const Outcome& o : outcomes) {
    if (o.kind == Outcome::Kind::skipped) continue;
    list.push_back(
        {{"name", o.name}, {"result", o.kind == Outcome::Kind::passed ? "passed" : "failed"}, {"text", o.text}});
  }
  return list;
}

Outcome judged(const FaultReport& faults, std::uint64_t wanted) {
  const bool held = faults.wrong_results == 0 && faults.hangs == 0 && faults.injected >= wanted;
  return {
      "faults", held ? Outcome::Kind::passed : Outcome::Kind::failed,
      fmt::format("{} injected, {} requests, {} wrong results, {} hangs; sent again {} times, resumed {} times",
                  faults.injected, faults.requests, faults.wrong_results, faults.hangs, faults.mended, faults.resumed),
      0};
}

std::size_t count(const std::vector<Outcome>& outcomes, Outcome::Kind kind) {
  std::size_t number = 0;
  for (const Outcome& o : outcomes) number += o.kind == kind ? 1 : 0;
  return number;
}

int run(const Options& options) {
  const std::filesystem::path path = options.out / "report.json";
  check_writable(path, "--out");
  if (!options.junit.empty()) check_writable(options.junit, "--junit");
  check_distinct({{"--out", path}, {"--junit", options.junit}}, {});
  const FolderLock lock(options.out, kProgram);
  remove_older(path, "--out");
  if (!options.junit.empty()) remove_older(options.junit, "--junit");
  Lines lines(options);
  Board board;
  board.open = [&lines] { return lines.open(); };
  if (lines.in_process()) board.times = kPinTimes;
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
      faults = fault_test(options, lines, board.configuration);
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
  report["virtual"] = options.device == "virtual" || options.device == "pins";
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
  if (!options.junit.empty()) files.push_back({options.junit, junit_text(kProgram, board.name, outcomes)});
  write_together(files);
  fmt::print("{} tests, {} failed; {}\n", passed + failed, failed, path.string());
  if (stop_requested()) return kExitInterrupted;
  return failed == 0 ? kExitOk : kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  Options options;
  std::error_code unknown;
  options.board = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path() / "settle-board";
  CommandLine app(kProgram, "Tests a board, real or virtual, over its link");
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
  return run_program(kProgram, [&options] {
    catch_stop_signals();
    return run(options);
  });
}
