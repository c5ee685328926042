#include "physics/context.hpp"

namespace settle::physics {

void nonlinear_claims(const Context&) {}

}  // namespace settle::physics
