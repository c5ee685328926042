// The noise gain's format follows from the product's and the noise sample's: gain * sample must align with the force.
#pragma once

#include "contract/configuration/configuration.hpp"
#include "contract/configuration/gaussian.hpp"

namespace settle {

inline Format gain_format(const Configuration& c) { return {16, c.accumulator_fraction() - kNoiseFraction}; }

}  // namespace settle
