// A batch in double precision with the array's own noise: the reference that fixed point is compared against.
#pragma once

#include <memory>

#include <Eigen/Core>

#include "array/float64/float64_plan.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "study/run/pieces.hpp"

namespace settle {

/// Total field of a sample, [cells], physical units. Called from several threads at once.
using SampleField = std::function<Eigen::VectorXd(Eigen::Index sample)>;

/// Samples 0 .. samples - 1 under their fields, with the noise and the steps that `plan` gives them on an array, four
/// side by side (Float64Chains). Cycles and saturations stay zero. `fixed` must outlive it. Throws Error as Float64Plan
/// and, when a piece is settled, as Float64Chains.
std::unique_ptr<Pieces> float64_pieces(const FixedMachine& fixed, std::shared_ptr<const Float64Plan> machine,
                                       Eigen::Index samples, SampleField field, const BatchPlan& plan);

}  // namespace settle
