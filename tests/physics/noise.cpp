// The noise: distribution, independence, seeds.
#include "physics/context.hpp"

namespace settle::physics {

void noise_claims(const Context&) {}

}  // namespace settle::physics
