// Proof, before a machine is loaded, that no force sum can overflow: an array's accumulator wraps without a word.
#pragma once

#include <string>

#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/step_program.hpp"

namespace settle {

/// The largest force that any state, any field, any noise and any bus words could give must fit the accumulator, beside
/// the state. Throws Error, which begins with `name`, naming layer, cell, the sum and the bound.
void check_force_bound(const StepProgram& program, const std::vector<LayerContents>& layers,
                       const std::vector<std::int16_t>& coefficients, const Configuration& configuration,
                       const std::string& name);

}  // namespace settle
