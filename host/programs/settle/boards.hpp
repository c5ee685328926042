// Boards on the lines of this machine: which lines may have one, and what is there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle {

enum class BoardStatus {
  ready,    ///< an array of a configuration that this build has: settle run can use it
  unknown,  ///< an array of a configuration that this build has not
  none,     ///< the line cannot be opened, or what answers is no array
};

/// What was found on a line.
struct FoundBoard {
  std::string line;  ///< as open_stream takes it
  BoardStatus status = BoardStatus::none;
  std::string reason;           ///< status `none`: why, in one line
  std::uint64_t hash = 0;       ///< the others: of its configuration
  Configuration configuration;  ///< its bounds and formats; status `unknown`: without a name
  std::uint32_t hardware = 0;   ///< first 8 hex digits of the hash of its hardware's sources, 0 if unknown
};

/// Serial ports of USB adapters and boards, as "serial:PATH". Names that say what is attached come first; a port is
/// listed once.
std::vector<std::string> serial_ports();

/// Asks what is on the line, for a second at most. Throws Error for a name that is no line's.
FoundBoard look_at(const std::string& line);

}  // namespace settle
