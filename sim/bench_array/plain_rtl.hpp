// The array as a user's own harness would have it: verilated plainly (verilator --cc -O3 --build on the bare
// settle_array) and driven by both clock edges. For settle-bench, which compares the engine `rtl` with it.
#pragma once

#include <memory>
#include <string>

#include "sim/rtl_device.hpp"

namespace settle {

/// Optimisation of GCC on what Verilator wrote.
enum class PlainOptimisation {
  usual,  ///< Verilator's own, -Os
  o3,     ///< OPT_FAST=-O3
};

/// An array of the configuration `anchored`, reset.
std::unique_ptr<RtlDevice> make_plain_rtl_device(PlainOptimisation optimisation);

}  // namespace settle
