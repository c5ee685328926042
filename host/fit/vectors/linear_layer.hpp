// The layer that a fit of vectors begins with: one site of equal linear cells.
#pragma once

#include "machine/machine.hpp"

namespace settle {

/// `cells` (at least 1) cells at one site, each with this stiffness a_i (above 0) and a static field of 0, without
/// neighbours or a force table.
Layer linear_layer(const char* name, Eigen::Index cells, double stiffness);

}  // namespace settle
