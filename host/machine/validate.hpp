// Whether a Machine is one: what can be said of its numbers without its dynamics.
#pragma once

#include <string>

#include "machine/machine.hpp"

namespace settle {

/// Checks everything about `machine` that can be said without its dynamics: sizes agree and no configuration's
/// bounds are exceeded (contract/configuration/fields.hpp), indices exist, numbers are finite, scales and step are
/// powers of two, offsets lie on their torus and are listed once. Throws Error beginning with `name`, then the field,
/// its value and what is allowed. Stability is check_machine's matter.
void validate(const Machine& machine, const std::string& name);

}  // namespace settle
