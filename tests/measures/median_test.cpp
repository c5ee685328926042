#include "study/measures/median.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using settle::median;

TEST_CASE("the value in the middle, of an even number the mean of both") {
  CHECK(median({7}) == 7);
  CHECK(median({9, 1, 5}) == 5);
  CHECK(median({4, 1, 10, 2}) == 3);
  CHECK(median({3, 3, -1, 3}) == 3);
}

TEST_CASE("of nothing there is no median") { CHECK_THROWS_AS(median({}), settle::Error); }
