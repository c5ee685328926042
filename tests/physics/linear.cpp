#include "physics/context.hpp"

namespace settle::physics {

void linear_claims(const Context&) {}

}  // namespace settle::physics
