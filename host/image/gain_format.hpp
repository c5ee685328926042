// The noise gain's format follows from the product's and the noise sample's: gain * sample must align with the force.
#pragma once

#include "configuration/configuration.hpp"

namespace settle {

constexpr int kNoiseFraction = 12;  ///< fraction bits of a noise sample, see array/gaussian.hpp

inline Format gain_format(const Configuration& c) { return {16, c.accumulator_fraction() - kNoiseFraction}; }

}  // namespace settle
