// Machines of any size with drawn contents, to see what a step of them costs.
#pragma once

#include <cstdint>

#include "programs/bench/bench_machine.hpp"

namespace settle {

/// A ring of equal layers (two: a pair). Of one site: neighbours are joined by reciprocal buses of rank k, as
/// `anchored`. Grids: by one-way buses of rank k with 3 x 3 taps, as `map`. Cells are linear.
struct Shape {
  int site_cells = 64;
  int rank = 16;
  int layers = 2;
  int side = 1;  ///< rows and columns of a layer's grid
};

/// A machine of that shape in a configuration that is `anchored` (grids: `map`) with as much memory as it needs, four
/// lanes (16). Stable, and small enough that the ensemble engine's sums are proved to fit. Throws Error if a size is
/// beyond what a configuration may have (contract/configuration/fields.hpp); it names the field and its range.
BenchMachine drawn_machine(const Shape& shape, std::uint64_t seed);

}  // namespace settle
