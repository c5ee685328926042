// States of a run, reduced to batch means that count as independent.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "physics/loaded_array.hpp"

namespace settle::physics {

/// What one step gives: a vector of figures of the state before it and after it, both [cells].
using StepFigures = std::function<Eigen::VectorXd(const Eigen::VectorXd& before, const Eigen::VectorXd& after)>;

/// From `start` [cells]: `burn_in` steps, then `batches` times the mean of `figures` over `steps` pairs of states that
/// lie `lag` steps apart. [batches x figures]; fewer rows if `stop` said yes.
Eigen::MatrixXd batch_means(const Context& context, LoadedArray& array, const Eigen::VectorXd& start, int burn_in,
                            int batches, int steps, int lag, const StepFigures& figures);

}  // namespace settle::physics
