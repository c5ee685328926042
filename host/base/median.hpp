// The value in the middle.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace settle {

/// The middle one of `values` in ascending order, the mean of the middle two if their number is even. Undefined for
/// none.
inline double middle_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace settle
