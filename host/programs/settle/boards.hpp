// Boards on the lines of this machine: which lines may have one, and what is there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "device/link/link_client.hpp"

namespace settle {

enum class BoardStatus {
  ready,    ///< an array of a configuration that this build has: settle run can use it
  unknown,  ///< an array of a configuration that this build has not
  in_use,   ///< another program, or another host, has the line
  none,     ///< the line cannot be opened, or what answers is no array
};

/// What was found on a line.
struct FoundBoard {
  std::string line;  ///< as open_stream takes it
  BoardStatus status = BoardStatus::none;
  std::string reason;           ///< status `in_use`, `none`: why, in one line
  std::uint64_t hash = 0;       ///< the others: of its configuration
  Configuration configuration;  ///< its bounds and formats; status `unknown`: without a name
  std::uint32_t hardware = 0;   ///< first 8 hex digits of the hash of its hardware's sources, 0 if unknown
};

/// Serial ports of USB adapters and boards, as "serial:PATH". Names that say what is attached come first; a port is
/// listed once.
std::vector<std::string> serial_ports();

/// How long a board is waited for that does not answer at once: opening a serial port resets many a board, which then
/// boots for seconds.
inline constexpr std::chrono::seconds kFirstAnswer{8};

/// Times of a line whose board is waited for so long; 0: only looked at, for a second.
LinkTimes times_of(std::chrono::seconds patience, const std::function<bool()>& stop);

/// Asks what is on the line. Throws Error for a name that is no line's.
FoundBoard look_at(const std::string& line, const LinkTimes& times);

}  // namespace settle
