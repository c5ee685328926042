// The smallest array that holds a machine: for machines of networks whose sizes no built-in configuration has.
#pragma once

#include <string>

#include "contract/configuration/configuration.hpp"
#include "machine/machine.hpp"

namespace settle {

/// More lanes are faster by ever less, and a row of the coefficient memory is as wide as all of them.
inline constexpr int kMostFittingLanes = 16;

/// The smallest configuration that holds `machine`: layers, side, site_cells, cells, rank, coefficients, words, program
/// and neighbours are what it uses when its decoder is traced, as in a run; all else is `base`'s, the name too. Lanes
/// are the largest power of two up to kMostFittingLanes that divides the cells of a site of every layer; as many share
/// a noise generator as in `base`, or all if there are fewer. What no machine needs is as small as a field can be.
/// Throws Error, which begins with `name` (the machine's file), if the machine needs more of a bound than any
/// configuration can have (names it and the largest value), if step, tables or word gains are not the base's, if a
/// number does not fit the base's formats, and if these are too short for the ranks.
Configuration fitting_configuration(const Machine& machine, const Configuration& base, const std::string& name);

}  // namespace settle
