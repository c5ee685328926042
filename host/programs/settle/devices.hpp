// `settle devices`: what a run can be made on.
#pragma once

#include <string>
#include <vector>

namespace settle {

struct DevicesOptions {
  std::vector<std::string> names;  ///< lines to look at; empty: every serial port that may have a board behind it
};

/// Prints a line for each device: engines of this build, then boards, or why what is attached is none. Returns the exit
/// status: 0, or 1 if lines were named and one of them has no board that this build can run on.
int devices_command(const DevicesOptions& options);

}  // namespace settle
