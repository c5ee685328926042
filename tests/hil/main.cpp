// settle-hil: one list of tests for every board, real or virtual.
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/json.hpp"
#include "device/identity.hpp"
#include "device/streams/open_stream.hpp"
#include "device/streams/stream_to.hpp"
#include "generated/build.hpp"
#include "hil/faults.hpp"
#include "hil/faulty_stream.hpp"
#include "hil/preset.hpp"
#include "hil/tests.hpp"
#include "hil/virtual_board.hpp"
#include "hil/wire_cost.hpp"
#include "programs/command_line.hpp"
#include "sim/board/pin_stream.hpp"
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
  std::uint64_t faults = 2000;
  std::uint64_t seed = 1;
};

/// Throws Error for what is no device here.
void check_device(const std::string& name) {
  if (name == "virtual" || name == "pins" || names_stream(name)) return;
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
  while (!device) {
    try {
      auto link = std::make_unique<LinkDevice>(std::make_unique<StreamTo>(*stream), patient);
      device = std::make_unique<ResumingDevice>(std::move(link), resume);
    } catch (const DeviceError&) {
      if (stop_requested()) throw;
      stream->reopen();  // it was hit before there was anything to resume
    }
  }
  Progress show("faults");
  return work_under_faults(
      *device, configuration, options.seed, options.faults, injected,
      [&](std::uint64_t done) { show(static_cast<long long>(done), static_cast<long long>(options.faults)); },
      resume.stop);
}

/// Runs every test; what failed is told and does not stop the others.
nlohmann::json run_tests(const Board& board, int& failed) {
  nlohmann::json list = nlohmann::json::array();
  for (const Test& test : tests()) {
    if (stop_requested()) break;
    nlohmann::json entry = {{"name", test.name}};
    try {
      const std::string found = test.run(board);
      fmt::print("ok      {}: {}\n", test.name, found);
      entry["result"] = "passed";
      entry["text"] = found;
    } catch (const std::exception& e) {
      if (stop_requested()) break;  // no fault of the board's
      fmt::print("FAILED  {}: {}\n", test.name, e.what());
      entry["result"] = "failed";
      entry["text"] = e.what();
      ++failed;
    }
    std::fflush(stdout);
    list.push_back(entry);
  }
  return list;
}

/// What earlier tests said of a board must not be taken for this one's.
void remove_older(const std::filesystem::path& report) {
  std::error_code code;
  std::filesystem::remove(report, code);
  if (code) throw error("--out: {}: {}", report.string(), code.message());
}

int run(const Options& options) {
  const std::filesystem::path path = options.out / "report.json";
  check_writable(path, "--out");
  remove_older(path);
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
  int failed = 0;
  nlohmann::json report;
  report["list"] = run_tests(board, failed);
  std::size_t count = report["list"].size();
  FaultReport faults;
  if (!stop_requested() && options.faults > 0) {
    faults = fault_test(options, lines, board.configuration);
    const bool held = faults.wrong_results == 0 && faults.hangs == 0 && faults.injected >= options.faults;
    fmt::print(
        "{}  faults: {} injected, {} requests, {} wrong results, {} hangs; sent again {} times, resumed {} times\n",
        held ? "ok    " : "FAILED", faults.injected, faults.requests, faults.wrong_results, faults.hangs, faults.mended,
        faults.resumed);
    ++count;
    failed += held ? 0 : 1;
  }
  for (const char* figure : {"wire_overhead", "bytes_per_inference", "round_trips"}) report[figure] = nullptr;
  if (const std::optional<Machine> machine = preset_of(board.configuration); machine && !stop_requested()) {
    const WireCost cost = wire_cost(board, *machine);
    fmt::print("on the wire: {:.3f} of the machine's own bytes to load it; an inference: {} bytes, {} round trips\n",
               cost.overhead, cost.bytes_per_inference, cost.round_trips);
    report["wire_overhead"] = cost.overhead;
    report["bytes_per_inference"] = cost.bytes_per_inference;
    report["round_trips"] = cost.round_trips;
  }
  report["device"] = board.name;
  report["virtual"] = options.device == "virtual" || options.device == "pins";
  report["config_hash"] = board.configuration.hash_text();
  report["git"] = kGit;
  report["seed"] = options.seed;
  report["interrupted"] = stop_requested();
  report["tests"] = count;
  report["failed"] = failed;
  report["passed"] = count - static_cast<std::size_t>(failed);
  report["faults_injected"] = faults.injected;
  report["wrong_results"] = faults.wrong_results;
  report["hangs"] = faults.hangs;
  write_atomically(path, to_text(report));
  fmt::print("{} tests, {} failed; {}\n", count, failed, path.string());
  if (stop_requested()) return kExitInterrupted;
  return failed == 0 ? kExitOk : kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  Options options;
  options.board = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "settle-board";
  CLI::App app("Tests a board, real or virtual, over its link");
  app.set_version_flag("--version", std::string("settle-hil, commit ") + kGit);
  app.add_option("--device", options.device,
                 "virtual (settle-board, started for this), pins (a board in this process), serial:PATH[@BAUD], "
                 "tcp:HOST:PORT")
      ->capture_default_str();
  app.add_option("--configuration", options.configuration, "of a virtual board")
      ->check(known(configuration_names()))
      ->capture_default_str();
  app.add_option("--faults", options.faults, "faults of the line to survive, 0: none")
      ->transform(whole(0))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of all random numbers")->transform(whole(0))->capture_default_str();
  app.add_option("--out", options.out, "folder for report.json")->check(path())->capture_default_str();
  const auto check = [&options] { check_device(options.device); };
  if (const auto status = parse(kProgram, app, argc, argv, check)) return *status;
  std::signal(SIGPIPE, SIG_IGN);
  return run_program(kProgram, [&options] {
    catch_stop_signals();
    return run(options);
  });
}
