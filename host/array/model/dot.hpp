// The two loops that nearly all of the model's time goes into, exact for every input.
#pragma once

#include <cstdint>

namespace settle {

/// Sum over i of a[i] * b[i].
std::int64_t dot(const std::int16_t* a, const std::int16_t* b, int count);

/// force[i] -= sum over m < words of coefficient[m * count + i] * word[m] for i < count, each word times `scale`, a
/// power of two for which it still fits 16 bits and a sign.
void subtract_words(std::int64_t* force, const std::int16_t* coefficient, const std::int16_t* word, int words,
                    int scale, int count);

}  // namespace settle
