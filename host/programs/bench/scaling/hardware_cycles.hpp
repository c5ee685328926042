// Clock cycles of an array, from its program.
#pragma once

#include "programs/bench/bench_machine.hpp"

namespace settle {

/// Slots of a step of one chain: one multiplication in each of the configuration's lanes, one slot per clock cycle.
/// What a step takes beside them is waits, some per cent (`mac_utilisation` of a run counts them).
double slots_per_step(const BenchMachine& machine);

/// The same for a machine whose buses between layers of one site were dense matrices, D^2 coefficients each way in
/// place of 2 D k.
double dense_slots_per_step(const BenchMachine& machine);

}  // namespace settle
