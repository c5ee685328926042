// The commands of settle, one function and one file each: it adds the command with its options to the program's command
// line and returns what the command does.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "programs/settle/surroundings.hpp"

namespace settle {

struct Command {
  CLI::App* options = nullptr;  ///< owned by the command line that it was added to
  /// Does the work and returns the exit status. Throws Error for what is wrong with its input. To be called after the
  /// command line was read, if this command is the one that was given.
  std::function<int()> body;
};

/// Settles test images and scores them: programs/settle/run.cpp, study/run/.
Command add_run(CLI::App& app, const Surroundings& surroundings);

/// Many runs by one plan: programs/settle/sweep.cpp, study/sweep/.
Command add_sweep(CLI::App& app, const Surroundings& surroundings);

/// Fits a preset's machine: programs/settle/fit.cpp, fit/.
Command add_fit(CLI::App& app, const Surroundings& surroundings);

/// What can be run on: programs/settle/devices.cpp.
Command add_devices(CLI::App& app, const Surroundings& surroundings);

/// What this build knows: programs/settle/info.cpp.
Command add_info(CLI::App& app, const Surroundings& surroundings);

}  // namespace settle
