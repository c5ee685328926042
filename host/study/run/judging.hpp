// Which runs the targets of a preset judge: those that are what the targets were set for.
#pragma once

#include <string>
#include <vector>

#include "images/image.hpp"
#include "machine/machine.hpp"
#include "study/run/run_command.hpp"

namespace settle {

/// Why this run is not one that the preset's targets were set for, in a few words; empty: it is. It is one if it is the
/// shipped machine as it was fitted, in its own formats, steps, noise level and temperature, on the preset's own test
/// images: the same pixels as options.own_images, wherever the file lies. (The network is the machine's own in every
/// run.)
std::string why_not_judged(const RunOptions& options, const Machine& machine, double sigma, double kt,
                           const std::vector<Image>& images);

/// The same of the number of samples that were settled.
std::string why_not_judged(Eigen::Index samples);

}  // namespace settle
