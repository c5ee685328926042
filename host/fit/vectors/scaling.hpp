// The power of two that brings physical units into the fixed-point range.
#pragma once

#include <string>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// The largest magnitudes that a machine's samples call for, in physical units, thermal noise included (six standard
/// deviations), and the largest coefficient (which one common scale does not change).
struct Peaks {
  double state = 0;        ///< |x|, any cell, on the way from 0 to rest as well
  double field = 0;        ///< |h|
  double word = 0;         ///< |P^T x|, any bus word
  double coefficient = 0;  ///< |a|, |J|, |P|
};

/// Measures `machine` (linear, temperature machine.kt) on samples `encoder`, `bottleneck` [n x 64].
Peaks peaks(const Machine& machine, const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck);

/// Sets one scale for all layers: the least power of two for which states, fields and words stay within `span` (of the
/// format's 8) on the given samples. One common scale leaves every coefficient as it is. Throws Error naming the figure
/// if a coefficient is outside the format, [-8, 8).
Peaks choose_scale(Machine& machine, const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck, double span);

}  // namespace settle
