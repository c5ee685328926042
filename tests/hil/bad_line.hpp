// The whole link at work on a line that is as bad as the device allows.
#pragma once

#include "contract/configuration/configuration.hpp"
#include "hil/board_lines.hpp"
#include "hil/faults.hpp"
#include "hil/hil_command.hpp"

namespace settle::hil {

/// All kinds of faults at once on a board in this process, if the device is a virtual one; those that a host can make,
/// on a real one. Ends after `options.faults` faults, or when a signal asks for it. Throws DeviceError if the board
/// does not answer for twenty sessions, and as work_under_faults.
FaultReport work_on_bad_line(const HilOptions& options, const BoardLines& lines, const Configuration& configuration);

}  // namespace settle::hil
