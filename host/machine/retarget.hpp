// A machine for another build of its configuration: other word lengths, another step, tables of another size.
#pragma once

#include <string>

#include "contract/configuration/configuration.hpp"
#include "machine/machine.hpp"

namespace settle {

/// `machine`, made for configuration `from`, as `to` takes it; `to` is `from` with changed fields (with_changes). The
/// step follows `to`, and the numbers of steps with it, so that the times stay (at least one step). Force tables are
/// read at the new knots: finer ones hold the same function, coarser ones every second or fourth knot of it; neither a
/// table nor anything else is fitted again, so a table whose thermal mean was matched at the old step is a little off
/// at the new one. `name` begins every error. Throws Error if `to` has another range of states than the machine's
/// tables span, no tables where a layer has one, or if the steps no longer lie within their range.
Machine retargeted(const Machine& machine, const Configuration& from, const Configuration& to, const std::string& name);

}  // namespace settle
