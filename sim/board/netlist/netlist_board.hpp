// A board's netlist or bitstream, verilated from the pins of the real board inward: oscillator, serial line, LED.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sim/board/line/pin_board.hpp"

namespace settle {

/// What this program was verilated from. One per program: defined by the generated netlist_<key>.cpp.
struct NetlistBoard {
  std::string board, build;  ///< folder of constraints/ and one of its builds
  std::string engine;        ///< "netlist": after synthesis; "bitstream": what is flashed, converted back
  std::string folder;        ///< the build's, absolute
};

/// This program's.
const NetlistBoard& netlist_board();

/// The board after power-up, when its own reset has passed. `seed`, above 0: of what registers and memories hold then
/// where the device does not say, and of every value that the vendor's models leave open.
std::unique_ptr<PinBoard> make_netlist_board(std::uint32_t seed);

}  // namespace settle
