// settle-board: a whole board in simulation, with its serial line on a pseudo-terminal or a TCP port.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <systemc>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "base/signals.hpp"
#include "generated/build.hpp"
#include "sim/board/line/board_line.hpp"
#include "sim/board/ports/clients.hpp"
#include "sim/board/ports/pseudo_terminal.hpp"
#include "sim/board/ports/tcp_listener.hpp"
#include "sim/board/systemc/bench.hpp"
#include "sim/board/systemc/busy_light.hpp"
#include "sim/board/systemc/per_cycle_board.hpp"
#include "sim/board/systemc/quantum_board.hpp"

namespace {

namespace fs = std::filesystem;
using settle::known;
using settle::LineEnd;
using settle::path;
using settle::real;
using settle::whole;

/// The board drops a frame that was begun and not ended within 1.05 million cycles, and says so. When nothing has come
/// or gone for longer than that, and the array is idle, nothing will happen until a host speaks.
constexpr std::uint64_t kAsleepAfter = 1'100'000;

constexpr std::chrono::hours kForever{1};

constexpr const char* kProgram = "settle-board";

struct Options {
  std::string configuration = "anchored";
  double divisor = settle::kLeastDivisor16 / 16.0;
  fs::path pty, faults;
  bool with_pty = true, with_tcp = false, per_cycle = false, bench = false;
  int tcp = 0;
  std::string listen = "127.0.0.1";
  std::uint64_t quantum = 1000;
  settle::FaultRates rates;
  std::uint64_t cycles = 1'000'000;
  int runs = 5;

  int divisor16() const { return static_cast<int>(std::lround(divisor * 16)); }
};

std::vector<std::string> configurations() {
  std::vector<std::string> names;
  for (const settle::PinBoardKey& key : settle::pin_board_keys()) {
    if (names.empty() || names.back() != key.configuration) names.push_back(key.configuration);
  }
  return names;
}

/// Throws Error that lists the lengths of a bit that this build has for the configuration.
void check_divisor(const Options& options) {
  std::vector<double> built;
  for (const settle::PinBoardKey& key : settle::pin_board_keys()) {
    if (key.configuration == options.configuration) built.push_back(key.divisor16 / 16.0);
  }
  if (std::find(built.begin(), built.end(), options.divisor) != built.end()) return;
  throw settle::usage_error(
      "--divisor: {}: configuration {} was built with {} cycles per bit (SETTLE_BOARDS of the build)", options.divisor,
      options.configuration, fmt::join(built, ", "));
}

/// An IPv4 or IPv6 address in digits.
settle::ValueCheck address() {
  const auto check = [](std::string& text) -> std::string {
    return settle::is_ip_address(text) ? "" : fmt::format("\"{}\": an IPv4 or IPv6 address is needed", text);
  };
  return {check, ""};
}

void add_options(settle::CommandOptions& app, Options& o) {
  app.add_option("--configuration", o.configuration, "of the array")->check(known(configurations()))->shows_default();
  app.add_option("--divisor", o.divisor, "clock cycles per bit of the line, among those built")
      ->check(real(settle::kLeastDivisor16 / 16.0, settle::kMostDivisor16 / 16.0))
      ->shows_default();
  app.add_option("--pty", o.pty, "symbolic link to the pseudo-terminal (default: a pseudo-terminal without one)")
      ->check(path());
  settle::Option* tcp =
      app.add_option("--tcp", o.tcp, "TCP port for hosts, 0: a free one; without --pty no terminal then")
          ->check(whole(0, 65535));
  app.add_option("--listen", o.listen, "address of the TCP port, IPv4 or IPv6")
      ->needs(tcp)
      ->check(address())
      ->shows_default();
  app.add_option("--quantum", o.quantum, "clock cycles between two looks at the host")
      ->check(whole(1, 1'000'000))
      ->shows_default();
  app.add_flag("--per-cycle", o.per_cycle, "simulate every clock edge in SystemC: slow");
  settle::FaultRates& r = o.rates;
  const std::vector<std::pair<const char*, std::pair<double*, const char*>>> chances = {
      {"--drop", {&r.drop, "chance of a byte to be lost, either way"}},
      {"--flip", {&r.flip, "chance of a byte to have a bit flipped"}},
      {"--repeat", {&r.repeat, "chance of a byte to come twice"}},
      {"--delay", {&r.delay, "chance of a byte to be held back, and those after it"}},
      {"--hang-up", {&r.hang_up, "chance of a byte to be followed by the line being closed"}}};
  for (const auto& [name, value] : chances) {
    app.add_option(name, *value.first, value.second)->check(real(0, 1))->shows_default();
  }
  app.add_option("--most-delay", r.most_delay, "clock cycles that a byte is held back at most")
      ->check(whole(1, 1'000'000'000))
      ->shows_default();
  app.add_option("--hang-up-after", r.hang_up_after, "close the line once, after so many bytes; 0: not")
      ->check(whole(0))
      ->shows_default();
  app.add_option("--reset-rate", r.reset, "resets of the board per second of simulated time, at 24 MHz")
      ->check(real(0, 1e6))
      ->shows_default();
  app.add_option("--reset-after", r.reset_after, "reset the board once, after so many bytes; 0: not")
      ->check(whole(0))
      ->shows_default();
  app.add_option("--seed", r.seed, "of the faults")->check(whole(0))->shows_default();
  app.add_option("--faults", o.faults, "file for the faults that were made, JSON, written at the end")->check(path());
  settle::Option* bench = app.add_flag("--bench", o.bench, "measure the speed against the bare verilated top, and end");
  app.add_option("--cycles", o.cycles, "clock cycles of a run of the bench")
      ->needs(bench)
      ->check(whole(1000, 1'000'000'000))
      ->shows_default();
  app.add_option("--runs", o.runs, "runs of the bench")->needs(bench)->check(whole(1, 1000))->shows_default();
}

nlohmann::ordered_json to_json(const settle::FaultCounts& counts) {
  return {{"bytes", counts.bytes},
          {"dropped", counts.dropped},
          {"flipped", counts.flipped},
          {"repeated", counts.repeated},
          {"delayed", counts.delayed}};
}

std::string faults_text(const Options& o, const LineEnd& line, std::uint64_t cycles) {
  const settle::FaultRates& r = o.rates;
  const nlohmann::ordered_json json = {
      {"configuration", o.configuration},
      {"divisor", o.divisor},
      {"git", settle::kGit},
      {"rates",
       {{"drop", r.drop},
        {"flip", r.flip},
        {"repeat", r.repeat},
        {"delay", r.delay},
        {"most_delay", r.most_delay},
        {"hang_up", r.hang_up},
        {"hang_up_after", r.hang_up_after},
        {"reset_rate", r.reset},
        {"reset_after", r.reset_after},
        {"seed", r.seed}}},
      {"cycles", cycles},
      {"to_board", to_json(line.to_board())},
      {"to_host", to_json(line.to_host())},
      {"bytes_without_stop_bit", line.adapter().broken()},  // of resets while the board sends
      {"resets", line.faults().resets()},
      {"hang_ups", line.faults().hang_ups()}};
  return settle::to_text(json);
}

std::vector<std::unique_ptr<settle::ClientPort>> make_ports(const Options& o) {
  std::vector<std::unique_ptr<settle::ClientPort>> ports;
  if (o.with_pty) ports.push_back(std::make_unique<settle::PseudoTerminal>(o.pty));
  if (o.with_tcp) ports.push_back(std::make_unique<settle::TcpListener>(o.listen, o.tcp));
  return ports;
}

void print_name(const settle::ClientPort& port) {
  fmt::print("{}\n", port.name());
  std::fflush(stdout);
}

/// The board, whichever way it is simulated, and who speaks to it.
class Simulation {
 public:
  explicit Simulation(const Options& options) : options_(options), clients_(make_ports(options)) {
    const auto after = [this] { return after_quantum(); };
    if (options.per_cycle) {
      line_ = std::make_unique<LineEnd>(options.divisor16(), options.rates);
      per_cycle_ =
          settle::make_per_cycle_board(options.configuration, options.divisor16(), *line_, options.quantum, after);
    } else {
      board_ = std::make_unique<settle::BoardLine>(settle::make_pin_board(options.configuration, options.divisor16()),
                                                   options.rates);
      quantum_ = std::make_unique<settle::QuantumBoard>("settle", *board_, options.quantum, after);
    }
    clients_.on_hang_up = [](const settle::ClientPort& port) { print_name(port); };
  }

  int run() {
    for (const auto& port : clients_.ports()) print_name(*port);
    if (const int status = settle::flushed(kProgram, settle::kExitOk); status != settle::kExitOk) return status;
    sc_core::sc_start();
    if (!options_.faults.empty()) settle::write_atomically(options_.faults, faults_text(options_, line(), cycles()));
    return settle::kExitOk;
  }

  int bench() {
    const settle::BoardBench bench{
        options_.configuration,
        options_.divisor16(),
        options_.per_cycle ? "SystemC, every clock edge" : fmt::format("SystemC, quantum {}", options_.quantum),
        options_.cycles,
        options_.runs,
        &line(),
        [this] { return busy(); },
        [this] { return cycles(); },
        [this](std::uint64_t cycles) {
          sc_core::sc_start(settle::clock_period() * static_cast<double>(cycles));
          return sc_core::sc_get_status() != sc_core::SC_STOPPED;
        }};
    return settle::bench_board(bench) ? settle::kExitOk : settle::kExitInterrupted;
  }

 private:
  LineEnd& line() { return per_cycle_ ? *line_ : board_->host(); }
  bool busy() const { return per_cycle_ ? per_cycle_->busy() : board_->board().busy(); }
  std::uint64_t cycles() const { return per_cycle_ ? per_cycle_->cycles() : board_->board().cycles(); }

  bool asleep() { return !busy() && line().idle() && line().quiet_cycles() > kAsleepAfter; }

  /// False when it is to end. As long as nothing can happen on the board no time passes.
  bool after_quantum() {
    light_.show(busy());
    clients_.exchange(line());
    while (asleep() && !settle::stop_requested()) {
      light_.show(busy(), true);
      clients_.wait(settle::stop_file(), kForever);
      clients_.exchange(line());
    }
    return !settle::stop_requested();
  }

  const Options& options_;
  settle::BusyLight light_;
  settle::Clients clients_;
  // One of these pairs.
  std::unique_ptr<settle::BoardLine> board_;
  std::unique_ptr<settle::QuantumBoard> quantum_;
  std::unique_ptr<LineEnd> line_;
  std::unique_ptr<settle::PerCycleBoard> per_cycle_;
};

}  // namespace

int sc_main(int argc, char** argv) {
  settle::CommandLine app(kProgram,
                          "A Settle board in simulation: hosts reach it as `settle run --device` does a real one");
  app.set_version(std::string("settle-board, commit ") + settle::kGit);
  Options options;
  add_options(app, options);
  const auto check = [&] {
    options.with_tcp = app.given("--tcp");
    options.with_pty = !options.with_tcp || app.given("--pty");
    check_divisor(options);
  };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  settle::ignore_for_itself(SIGPIPE);  // a closed pipe is an error of its writing, not the program's end
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  return settle::run_program(kProgram, [&options] {
    settle::catch_stop_signals();
    if (!options.faults.empty()) settle::check_writable(options.faults, "--faults");
    Simulation simulation(options);
    return options.bench ? simulation.bench() : simulation.run();
  });
}

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);  // the library asks for it before it calls sc_main
  return sc_core::sc_elab_and_sim(argc, argv);
}
