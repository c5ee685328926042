#include "array/dot.hpp"

#include "core/vectorise.hpp"

namespace settle {

SETTLE_VECTORISE
std::int64_t dot(const std::int16_t* a, const std::int16_t* b, int count) {
  std::int64_t sum = 0;
  for (int i = 0; i < count; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
  return sum;
}

SETTLE_VECTORISE
void subtract_scaled(std::int64_t* __restrict force, const std::int16_t* __restrict coefficient, int word, int count) {
  for (int i = 0; i < count; ++i) force[i] -= std::int32_t{coefficient[i]} * word;
}

}  // namespace settle
