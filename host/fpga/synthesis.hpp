// From a plan to a netlist that fits the device: runs yosys, or takes the netlist that is there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/folder_lock.hpp"
#include "fpga/plan.hpp"
#include "fpga/resources.hpp"

namespace settle {

struct Synthesis {
  Resources resources;
  std::string netlist_hash;             ///< of the netlist's bytes
  std::int64_t array_hz = 0;            ///< iCE40: what the PLL makes of the oscillator
  std::vector<std::string> pll_clocks;  ///< iCE40: names of the array's clock in the netlist
  std::string yosys;                    ///< version
  bool reused = false;
  std::shared_ptr<const FolderLock> lock;  ///< on the folder, until all that is made from the netlist is finished
};

/// Writes the packages, synth.ys, yosys.log, the netlist and synthesis.json in the plan's folder; the last of them
/// when all others are whole. A netlist of the same sources and the same yosys is taken as it is unless `fresh`. What
/// was made from another netlist goes. Throws Error if yosys is not there or fails, naming its last words and log, or
/// if another program works in the folder; Stopped if `stop` said so, with nothing half-written. Checks neither that
/// the netlist fits, nor its clock.
Synthesis synthesise(const BuildPlan& plan, bool fresh, const std::function<bool()>& stop);

}  // namespace settle
