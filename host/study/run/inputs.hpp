// Reads and checks all that a run is asked to work with.
#pragma once

#include <functional>

#include "study/run/study.hpp"

namespace settle {

/// Refuses a folder that could not be written, an older run's files that could not be replaced or removed, and outputs
/// that are inputs, before the work. Makes nothing. Throws Error that begins with the option.
void check_outputs(const RunOptions& options);

/// A study without its samples. Everything that is wrong with files and options is found here, before a device is
/// touched. `options` and `make_device` must outlive it. Throws Error naming file and field.
Study read_study(const RunOptions& options, const MakeDevice& make_device, std::function<bool()> stop,
                 RunProgress& progress);

}  // namespace settle
