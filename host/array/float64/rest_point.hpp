// Where a machine rests without noise, and its linear step about that point.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// The noise-free rest point x* [cells] under the total fields `fields` [cells]: M^-1 h for a small linear machine,
/// otherwise found by stepping from 0 until no cell's force exceeds 1e-9 of the state's unit. Clamped cells stay 0.
/// Throws Error if it is not reached in 20,000 steps, and as Float64Array and equilibrium. `stop` (may be empty) ends
/// the search with an Error.
Eigen::VectorXd rest_point(const Machine& machine, const Eigen::VectorXd& fields,
                           const std::function<bool()>& stop = nullptr);

/// d -> (I - e (M + g'(x))) d, the step linearised about `state` [cells]; clamped cells are not treated as such.
std::function<Eigen::VectorXd(const Eigen::VectorXd&)> linear_step(const Machine& machine,
                                                                   const Eigen::VectorXd& state);

}  // namespace settle
