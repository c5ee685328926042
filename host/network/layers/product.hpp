// The product of matrices behind every convolution.
#pragma once

#include "network/layers/map.hpp"

namespace settle {

/// [n x m] times [m x k], added to `sum` [n x k], of which neither may be a part. The same arguments give the same
/// bits. Undefined for other shapes.
void add_product(const Map& left, const Map& right, Map& sum);

}  // namespace settle
