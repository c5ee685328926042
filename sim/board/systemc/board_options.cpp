#include "sim/board/systemc/board_options.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "sim/board/ports/tcp_listener.hpp"

namespace settle {

namespace {

std::vector<std::string> built_configurations() {
  std::vector<std::string> names;
  for (const PinBoardKey& key : pin_board_keys()) {
    if (names.empty() || names.back() != key.configuration) names.push_back(key.configuration);
  }
  return names;
}

/// Throws Error that lists the lengths of a bit that this build has for the configuration.
void check_divisor(const BoardOptions& options) {
  std::vector<double> built;
  for (const PinBoardKey& key : pin_board_keys()) {
    if (key.configuration == options.configuration) built.push_back(key.divisor16 / 16.0);
  }
  if (std::find(built.begin(), built.end(), options.divisor) != built.end()) return;
  throw usage_error("--divisor: {}: configuration {} was built with {} cycles per bit (SETTLE_BOARDS of the build)",
                    options.divisor, options.configuration, fmt::join(built, ", "));
}

/// An IPv4 or IPv6 address in digits.
ValueCheck ip_address() {
  const auto check = [](std::string& text) -> std::string {
    return is_ip_address(text) ? "" : fmt::format("\"{}\": an IPv4 or IPv6 address is needed", text);
  };
  return {check, ""};
}

}  // namespace

void add_board_options(CommandOptions& app, BoardOptions& o) {
  app.add_option("--configuration", o.configuration, "of the array")
      ->check(known(built_configurations()))
      ->shows_default();
  app.add_option("--divisor", o.divisor, "clock cycles per bit of the line, among those built")
      ->check(real(kLeastDivisor16 / 16.0, kMostDivisor16 / 16.0))
      ->shows_default();
  app.add_option("--pty", o.pty, "symbolic link to the pseudo-terminal (default: a pseudo-terminal without one)")
      ->check(path());
  Option* tcp = app.add_option("--tcp", o.tcp, "TCP port for hosts, 0: a free one; without --pty no terminal then")
                    ->check(whole(0, 65535));
  app.add_option("--listen", o.listen, "address of the TCP port, IPv4 or IPv6")
      ->needs(tcp)
      ->check(ip_address())
      ->shows_default();
  app.add_option("--quantum", o.quantum, "clock cycles between two looks at the host")
      ->check(whole(1, 1'000'000))
      ->shows_default();
  app.add_flag("--per-cycle", o.per_cycle, "simulate every clock edge in SystemC: slow");
  FaultRates& r = o.rates;
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
  app.add_option("--reset-rate", r.reset,
                 fmt::format("resets of the board per second of simulated time, at {} MHz", kNominalHertz / 1'000'000))
      ->check(real(0, 1e6))
      ->shows_default();
  app.add_option("--reset-after", r.reset_after, "reset the board once, after so many bytes; 0: not")
      ->check(whole(0))
      ->shows_default();
  app.add_option("--seed", r.seed, "of the faults")->check(whole(0))->shows_default();
  app.add_option("--faults", o.faults, "file for the faults that were made, JSON, written at the end")->check(path());
  Option* bench = app.add_flag("--bench", o.bench, "measure the speed against the bare verilated top, and end");
  app.add_option("--cycles", o.cycles, "clock cycles of a run of the bench")
      ->needs(bench)
      ->check(whole(1000, 1'000'000'000))
      ->shows_default();
  app.add_option("--runs", o.runs, "runs of the bench")->needs(bench)->check(whole(1, 1000))->shows_default();
}

void check_board_options(const CommandLine& app, BoardOptions& options) {
  options.with_tcp = app.given("--tcp");
  options.with_pty = !options.with_tcp || app.given("--pty");
  check_divisor(options);
}

}  // namespace settle
