// The clock of a board, as every part of the host takes it.
#pragma once

#include <cstdint>

namespace settle {

inline constexpr std::int64_t kLeastClockHertz = 1'000'000;
inline constexpr std::int64_t kMostClockHertz = 500'000'000;

}  // namespace settle
