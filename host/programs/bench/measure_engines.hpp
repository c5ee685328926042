// Times every engine on the same machines, alternately, and holds their states against each other.
#pragma once

#include "programs/bench/bench_results.hpp"

namespace settle {

/// Measures `options.runs` runs on `anchored`, `map` and `whole`. Throws Error if an engine ends in other states than
/// the model, a float32 program settles another machine or the array saturates; Stopped if a signal asked for the end.
BenchResults measure_engines(const BenchOptions& options);

}  // namespace settle
