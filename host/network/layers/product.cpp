#include "network/layers/product.hpp"

namespace settle {

void add_product(const Map& left, const Map& right, Map& sum) { sum.noalias() += left * right; }

}  // namespace settle
