#include "study/measures/pairing.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "random.hpp"
#include "study/measures/similarity.hpp"

using doctest::Approx;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle_test::Normal;

TEST_CASE("a derangement moves every sample, and each is equally likely") {
  settle::SplitMix64 random(5);
  std::map<std::vector<Index>, int> counts;
  for (int i = 0; i < 9000; ++i) ++counts[settle::derangement(4, random)];
  CHECK(counts.size() == 9);  // of the 24 permutations of four
  // Standard deviation of a count: sqrt(1000 * 8 / 9) = 30.
  for (const auto& [places, count] : counts) CHECK(std::abs(count - 1000) < 150);
  for (const Index size : {2, 3, 64, 1000}) {
    std::vector<Index> places = settle::derangement(size, random);
    for (std::size_t i = 0; i < places.size(); ++i) REQUIRE(places[i] != static_cast<Index>(i));
    std::sort(places.begin(), places.end());
    for (std::size_t i = 0; i < places.size(); ++i) REQUIRE(places[i] == static_cast<Index>(i));
  }
}

TEST_CASE("shuffled is near 0 for a readout that is right") {
  Normal normal(7);
  const MatrixXd target = normal.matrix(64, 32);
  const VectorXd mean = VectorXd::Zero(32);
  CHECK(settle::cosine_centred(target, target, mean) == Approx(1.0));
  // One pair's cosine has variance 1 / 32. There are 64 * 63 / 2 distinct pairs, each met about equally often, and a
  // derangement uses pair (s, t) apart from (t, s): the standard error is about sqrt(1 / 32 / 2016) = 0.004.
  CHECK(std::abs(settle::shuffled(target, target, mean)) < 0.02);
}

TEST_CASE("shuffled finds a pattern that all samples share") {
  Normal normal(8);
  const MatrixXd target = normal.matrix(64, 32).array() + 5.0;
  CHECK(settle::shuffled(target, target, VectorXd::Zero(32)) > 0.9);
  CHECK(std::abs(settle::shuffled(target, target, VectorXd::Constant(32, 5.0))) < 0.02);
}

TEST_CASE("shuffled of two samples is their swap") {
  MatrixXd readout(2, 2), target(2, 2);
  readout << 1, 0, 0, 1;
  target << 3, 4, 1, 0;
  CHECK(settle::shuffled(readout, target, VectorXd::Zero(2)) == Approx((1.0 + 0.8) / 2));
}

TEST_CASE("shuffled depends on its arguments alone") {
  Normal normal(9);
  const MatrixXd readout = normal.matrix(20, 4), target = normal.matrix(20, 4);
  const VectorXd mean = VectorXd::Zero(4);
  CHECK(settle::shuffled(readout, target, mean, 10, 3) == settle::shuffled(readout, target, mean, 10, 3));
  CHECK(settle::shuffled(readout, target, mean, 10, 3) != settle::shuffled(readout, target, mean, 10, 4));
}

TEST_CASE("shuffled refuses what cannot be paired") {
  const MatrixXd one = MatrixXd::Ones(1, 3);
  CHECK_THROWS_AS(settle::shuffled(one, one, VectorXd::Zero(3)), settle::Error);
  const MatrixXd two = MatrixXd::Ones(2, 3);
  CHECK_THROWS_AS(settle::shuffled(two, two, VectorXd::Zero(3), 0), settle::Error);
  settle::SplitMix64 random(1);
  CHECK_THROWS_AS(settle::derangement(1, random), settle::Error);
}
