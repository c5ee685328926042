// The commands of settle, one function and one file each: it adds the command with its options to the program's command
// line and returns what the command does.
#pragma once

#include "base/command_line/command_line.hpp"
#include "programs/settle/surroundings.hpp"

namespace settle {

/// Settles test images and scores them: programs/settle/run.cpp, study/run/.
ProgramCommand add_run(CommandLine& app, const Surroundings& surroundings);

/// Many runs by one plan: programs/settle/sweep.cpp, study/sweep/.
ProgramCommand add_sweep(CommandLine& app, const Surroundings& surroundings);

/// Fits a preset's machine: programs/settle/fit.cpp, fit/.
ProgramCommand add_fit(CommandLine& app, const Surroundings& surroundings);

/// Makes a network file of an ONNX file: programs/settle/import.cpp, network/onnx/.
ProgramCommand add_import(CommandLine& app);

/// The configuration that a machine needs: programs/settle/configure.cpp.
ProgramCommand add_configure(CommandLine& app);

/// What can be run on: programs/settle/devices.cpp.
ProgramCommand add_devices(CommandLine& app, const Surroundings& surroundings);

/// What this build knows: programs/settle/info.cpp.
ProgramCommand add_info(CommandLine& app, const Surroundings& surroundings);

}  // namespace settle
