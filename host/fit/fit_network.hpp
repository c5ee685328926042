// From a network file to a machine of the whole of it.
#pragma once

#include <functional>

#include "fit/fit_command.hpp"

namespace settle {

/// The body of `settle fit --network FILE` without a preset: as fit_command.
int fit_network(const FitOptions& options, const std::function<bool()>& stop);

}  // namespace settle
