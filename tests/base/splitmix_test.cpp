// SplitMix64 against its published sequence, and its two faces against one another.
#include "base/splitmix.hpp"

#include <cstdlib>
#include <vector>

#include <doctest/doctest.h>

TEST_CASE("SplitMix64 gives the published sequence") {
  settle::SplitMix64 random(1234567);
  CHECK(random.next() == 6457827717110365317ULL);
  CHECK(random.next() == 3203168211198807973ULL);
  CHECK(random.next() == 9817491932198370423ULL);
}

TEST_CASE("mix64 is the first output from a seed, at compile time too") {
  static_assert(settle::mix64(1234567) == 6457827717110365317ULL);
  CHECK(settle::mix64(1234567 + 2 * settle::kSplitMixStep) == 9817491932198370423ULL);
  CHECK(settle::splitmix_bijection(0) == 0);
}

TEST_CASE("SplitMix64::below is uniform") {
  settle::SplitMix64 random(3);
  std::vector<int> counts(7, 0);
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  // Standard deviation of a count: sqrt(70000 / 7 * 6 / 7) = 93; five of them on seven counts.
  for (const int count : counts) CHECK(std::abs(count - 10000) < 465);
  CHECK(random.below(1) == 0);
}
