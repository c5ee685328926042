// How many steps a machine takes to settle.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// Steps of the noise-free machine under `fields` [cells] from 0 until 1 % of the read layer's distance from where it
/// comes to rest is left, and a quarter more, a multiple of 16. Throws Error if it has not come to rest after 8,000
/// steps, or if `stop` (may be empty) says yes.
int settle_steps(const Machine& machine, const Eigen::VectorXd& fields, const std::function<bool()>& stop);

}  // namespace settle
