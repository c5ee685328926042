// How many bytes a machine's numbers are, packed: what loading it costs at least.
#pragma once

#include "machine/fixed_point/array_contents.hpp"

namespace settle_test {

/// Coefficients of 16 bits, operations and layers of 128, table pieces of 32, one bit per cell for clamps.
inline double own_bytes(const settle::ArrayContents& contents) {
  double bytes = 2.0 * static_cast<double>(contents.coefficients.size()) +
                 16.0 * static_cast<double>(contents.program.size() + contents.layers.size()) + contents.cells / 8.0;
  for (const settle::LayerContents& l : contents.layers) bytes += 4.0 * static_cast<double>(l.table.size());
  return bytes;
}

}  // namespace settle_test
