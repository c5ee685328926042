// The two loops that nearly all of the model's time goes into, exact for every input.
#pragma once

#include <cstdint>

namespace settle {

/// Sum over i of a[i] * b[i].
std::int64_t dot(const std::int16_t* a, const std::int16_t* b, int count);

/// force[i] -= coefficient[i] * word for i < count. |word| <= 2^15.
void subtract_scaled(std::int64_t* force, const std::int16_t* coefficient, int word, int count);

}  // namespace settle
