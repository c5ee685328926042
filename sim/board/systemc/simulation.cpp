#include "sim/board/systemc/simulation.hpp"

#include <chrono>
#include <cstdio>
#include <vector>

#include <systemc>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "sim/board/ports/pseudo_terminal.hpp"
#include "sim/board/ports/tcp_listener.hpp"
#include "sim/board/systemc/bench.hpp"
#include "sim/board/systemc/faults_file.hpp"

namespace settle {

namespace {

/// The board drops a frame that was begun and not ended within 1.05 million cycles, and says so. When nothing has come
/// or gone for longer than that, and the array is idle, nothing will happen until a host speaks.
constexpr std::uint64_t kAsleepAfter = 1'100'000;

constexpr std::chrono::hours kForever{1};

std::vector<std::unique_ptr<ClientPort>> make_ports(const BoardOptions& o) {
  std::vector<std::unique_ptr<ClientPort>> ports;
  if (o.with_pty) ports.push_back(std::make_unique<PseudoTerminal>(o.pty));
  if (o.with_tcp) ports.push_back(std::make_unique<TcpListener>(o.listen, o.tcp));
  return ports;
}

void print_name(const ClientPort& port) {
  fmt::print("{}\n", port.name());
  std::fflush(stdout);
}

}  // namespace

Simulation::Simulation(const BoardOptions& options) : options_(options), clients_(make_ports(options)) {
  const auto after = [this] { return after_quantum(); };
  if (options.per_cycle) {
    line_ = std::make_unique<LineEnd>(options.divisor16(), options.rates);
    per_cycle_ = make_per_cycle_board(options.configuration, options.divisor16(), *line_, options.quantum, after);
  } else {
    board_ = std::make_unique<BoardLine>(make_pin_board(options.configuration, options.divisor16()), options.rates);
    quantum_ = std::make_unique<QuantumBoard>("settle", *board_, options.quantum, after);
  }
  clients_.on_hang_up = [](const ClientPort& port) { print_name(port); };
}

int Simulation::run() {
  for (const auto& port : clients_.ports()) print_name(*port);
  if (const int status = flushed(kBoardProgram, kExitOk); status != kExitOk) return status;
  sc_core::sc_start();
  if (!options_.faults.empty()) write_atomically(options_.faults, faults_text(options_, line(), cycles()));
  return kExitOk;
}

int Simulation::bench() {
  const BoardBench bench{
      options_.configuration,
      options_.divisor16(),
      options_.per_cycle ? "SystemC, every clock edge" : fmt::format("SystemC, quantum {}", options_.quantum),
      options_.cycles,
      options_.runs,
      &line(),
      [this] { return busy(); },
      [this] { return cycles(); },
      [this](std::uint64_t cycles) {
        sc_core::sc_start(clock_period() * static_cast<double>(cycles));
        return sc_core::sc_get_status() != sc_core::SC_STOPPED;
      }};
  return bench_board(bench) ? kExitOk : kExitInterrupted;
}

bool Simulation::asleep() { return !busy() && line().idle() && line().quiet_cycles() > kAsleepAfter; }

bool Simulation::after_quantum() {
  light_.show(busy());
  clients_.exchange(line());
  while (asleep() && !stop_requested()) {
    light_.show(busy(), true);
    clients_.wait(stop_file(), kForever);
    clients_.exchange(line());
  }
  return !stop_requested();
}

}  // namespace settle
