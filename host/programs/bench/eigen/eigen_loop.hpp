// The steps of a machine of linear layers of one site in Eigen, float32, as a C++ user writes them: a matrix per layer,
// one column per sample, noise by the standard library.
#pragma once

#include <memory>

#include "programs/bench/floats/float_loop.hpp"

namespace settle {

/// "factors": each bus by its two matrices; "product": by their product.
std::vector<std::string> eigen_ways();

/// Throws Error for another way, and for layers of several sites or with force tables.
std::unique_ptr<FloatLoop> make_eigen_loop(const FloatMachine& machine, const FloatWay& way);

}  // namespace settle
