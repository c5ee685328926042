// The digital interface as a linear one: silu(u) - silu(-u) = u, so with units of opposite sign it carries a matrix of
// as many directions as it has codes exactly. The bottleneck's part of d3's kernel is trained to be one
// (network/train/limited_kernel.hpp).
#pragma once

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// The interface whose field is `matrix` [outputs x inputs] times what it reads: `down`, `up`, `in` and `out`, to seven
/// digits. Directions of the matrix beyond the interface's four codes are left out; `left_out` (squared norm) receives
/// what they carry.
Interface linear_interface(const Eigen::MatrixXd& matrix, double& left_out);

}  // namespace settle
