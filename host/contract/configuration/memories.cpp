#include "contract/configuration/memories.hpp"

namespace settle {

namespace {

constexpr std::int64_t kWord = 16, kOperation = 128;
constexpr std::int64_t kSumWords = 6;  // 16-bit words of a cell's two sums, or of a trace entry's

/// As many as an index of them can name.
std::int64_t named(std::int64_t count) {
  std::int64_t all = 1;
  while (all < count) all *= 2;
  return all;
}

}  // namespace

std::vector<MemorySize> memory_sizes(const Configuration& c) {
  const std::int64_t cells = named(c.cells / c.lanes) * c.lanes;
  return {{"coefficients", std::int64_t{c.coefficients} * c.coefficient.width},
          {"states, two banks", 2 * cells * c.state.width},
          {"clamps", cells},
          {"sums over the window", kSumWords * cells * kWord},
          {"bus words", named(c.words) * kWord},
          {"force tables, one per lane", std::int64_t{c.lanes} * 2 * c.layers * c.table_pieces() * kWord},
          {"program", c.program * kOperation},
          {"trace", kSumWords * named(c.trace_depth) * kWord}};
}

}  // namespace settle
