// What a machine and an inference cost on the wire.
#pragma once

#include <cstdint>

#include "hil/board.hpp"
#include "machine/machine.hpp"

namespace settle::hil {

struct WireCost {
  double overhead = 0;                    ///< bytes on the wire, both ways, to load the default machine, over its own
  std::uint64_t bytes_per_inference = 0;  ///< both ways: condition, settle, read the decoder's sums
  std::uint64_t round_trips = 0;          ///< of an inference
};

/// Of a machine for the board's configuration. Throws as LinkDevice.
WireCost wire_cost(const Board& board, const Machine& machine);

}  // namespace settle::hil
