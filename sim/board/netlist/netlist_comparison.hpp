// Random arrays on a board's netlist or bitstream, driven through its pins, against the bit-exact model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "device/identity.hpp"
#include "sim/board/netlist/synthesis_record.hpp"
#include "sim/equivalence/array_comparison.hpp"

namespace settle {

/// What is compared.
struct NetlistArrays {
  std::uint64_t seed = 1;     ///< of all random numbers, those of the power-up included
  int arrays = 3;             ///< 1 or more, each on a board of its own
  std::uint64_t steps = 200;  ///< at least, of all arrays together
  int segment_steps = 20;     ///< at most, of one segment of a schedule
};

struct NetlistComparison {
  ComparisonCounts total;
  std::uint64_t runs = 0;                       ///< that were compared
  std::uint64_t cycles = 0;                     ///< of the boards whose runs were all compared
  Identity identity;                            ///< what the last board said it is
  std::vector<std::vector<std::string>> table;  ///< a heading and a row for each run, for text_table
  bool interrupted = false;                     ///< a signal asked for the end after a run or more
};

/// "settle-netlist-BOARD" or "settle-bitstream-BOARD".
std::string netlist_program();

/// Loads and runs one array after the other; on a terminal a line shows how far it is. Throws DeviceError if a board
/// does not answer, Error if it is not what `record` says, and whatever an interruption before the first run broke.
NetlistComparison compare_arrays(const NetlistArrays& arrays, const SynthesisRecord& record);

}  // namespace settle
