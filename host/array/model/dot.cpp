#include "array/model/dot.hpp"

#include <cstring>

#include "base/vectorise.hpp"

namespace settle {

SETTLE_VECTORISE
std::int64_t dot(const std::int16_t* a, const std::int16_t* b, int count) {
  std::int64_t sum = 0;
  for (int i = 0; i < count; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
  return sum;
}

namespace {

constexpr int kCells = 8;   // of a block; a vector register of 32-bit sums
constexpr int kWords = 16;  // of a group

using Coefficients = std::int16_t __attribute__((vector_size(2 * kCells)));
using Sums = std::int32_t __attribute__((vector_size(4 * kCells)));

}  // namespace

// Groups of words whose magnitudes sum to less than 2^16 are summed in 32 bits, in which no sum of products with 16-bit
// coefficients can then overflow; others in 64.
SETTLE_VECTORISE
void subtract_words(std::int64_t* __restrict force, const std::int16_t* __restrict coefficient,
                    const std::int16_t* __restrict word, int words, int scale, int count) {
  for (int first = 0; first < words; first += kWords) {
    const int group = words - first < kWords ? words - first : kWords;
    const std::int16_t* const c = coefficient + first * count;
    std::int32_t w[kWords];
    std::int32_t magnitude = 0;
    for (int m = 0; m < group; ++m) {
      w[m] = std::int32_t{word[first + m]} * scale;
      magnitude += w[m] < 0 ? -w[m] : w[m];
    }
    int i = 0;
    for (; magnitude < 1 << 16 && i + 2 * kCells <= count; i += 2 * kCells) {
      Sums low = {}, high = {};
      for (int m = 0; m < group; ++m) {
        Coefficients a, b;
        std::memcpy(&a, c + m * count + i, sizeof a);
        std::memcpy(&b, c + m * count + i + kCells, sizeof b);
        low += __builtin_convertvector(a, Sums) * w[m];
        high += __builtin_convertvector(b, Sums) * w[m];
      }
      for (int j = 0; j < kCells; ++j) force[i + j] -= low[j];
      for (int j = 0; j < kCells; ++j) force[i + kCells + j] -= high[j];
    }
    for (int m = 0; i < count && m < group; ++m) {
      for (int j = i; j < count; ++j) force[j] -= std::int64_t{c[m * count + j]} * w[m];
    }
  }
}

}  // namespace settle
