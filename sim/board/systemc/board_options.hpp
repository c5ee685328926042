// What settle-board is told.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/command_line/command_line.hpp"
#include "sim/board/line/line_faults.hpp"
#include "sim/board/line/pin_board.hpp"

namespace settle {

inline constexpr const char* kBoardProgram = "settle-board";

struct BoardOptions {
  std::string configuration = "anchored";
  double divisor = kLeastDivisor16 / 16.0;  ///< clock cycles per bit of the line, among those built
  std::filesystem::path pty;                ///< symbolic link to the pseudo-terminal; empty: none
  std::filesystem::path faults;             ///< file for the faults that were made; empty: none
  bool with_pty = true, with_tcp = false;   ///< where hosts come
  bool per_cycle = false;                   ///< every clock edge is SystemC's
  bool bench = false;                       ///< measure the speed, and end
  int tcp = 0;                              ///< port, 0: a free one
  std::string listen = "127.0.0.1";         ///< IPv4 or IPv6 address, in digits
  std::uint64_t quantum = 1000;             ///< clock cycles between two looks at the host, 1 or more
  FaultRates rates;
  std::uint64_t cycles = 1'000'000;  ///< of a run of the bench, 1000 or more
  int runs = 5;                      ///< of the bench, 1 or more

  /// Length of a bit in sixteenths of a clock cycle.
  int divisor16() const { return static_cast<int>(std::lround(divisor * 16)); }
};

/// Adds the options that set `options`, which outlives `app`'s parsing, each with its range.
void add_board_options(CommandOptions& app, BoardOptions& options);

/// To be called when all are set: decides where hosts come. Throws UsageError that lists the lengths of a bit that this
/// build has for the configuration, if `divisor` is none of them.
void check_board_options(const CommandLine& app, BoardOptions& options);

}  // namespace settle
