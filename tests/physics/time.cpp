#include "physics/context.hpp"

namespace settle::physics {

void time_claims(const Context&) {}

}  // namespace settle::physics
