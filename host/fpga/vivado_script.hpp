// A batch script for Vivado, which is not run from here.
#pragma once

#include <string>

#include "fpga/plan.hpp"

namespace settle {

/// Run in the plan's folder: reads the same files as yosys, writes reports and <top>.bit there.
std::string vivado_script(const BuildPlan& plan);

}  // namespace settle
