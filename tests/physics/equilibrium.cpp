#include "physics/context.hpp"

namespace settle::physics {

void equilibrium_claims(const Context&) {}

}  // namespace settle::physics
