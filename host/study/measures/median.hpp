// The value in the middle.
#pragma once

#include <vector>

namespace settle {

/// The middle one of `values` in ascending order, the mean of the middle two if their number is even. Throws
/// MeasureError if there are none.
double median(std::vector<double> values);

}  // namespace settle
