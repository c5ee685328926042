// Four chains of float64 side by side against Float64Array, one after the other: every feature of a machine, every way
// in which grids lie to each other.
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "array/float64/float64_array.hpp"
#include "array/float64/float64_chains.hpp"
#include "base/error.hpp"
#include "machine/linear.hpp"
#include "machine/small_machine.hpp"

using namespace settle;
using namespace settle_test;

namespace {

Layer grid(int cells, int height, int width, std::uint64_t seed) {
  Layer result = layer("grid", cells, 1.5);
  result.height = height;
  result.width = width;
  result.field = random_matrix(result.cells(), 1, 1.0, seed);
  return result;
}

/// Grids of 5 x 4, 3 x 2 and 5 x 4 sites; buses of 3 x 3 and other taps to equal, half and double grids, there and
/// back.
Machine grids() {
  Machine m;
  m.step = 0.125;
  m.layers = {grid(3, 5, 4, 1), grid(10, 3, 2, 2), grid(4, 5, 4, 3)};
  m.layers[0].columns = 3;
  m.layers[0].neighbours = {{0, 1, random_matrix(3, 1, 0.2, 4)}};
  m.layers[2].force = {-0.5, -0.1, 0.0, 0.2, 0.6};
  m.layers[1].clamp.assign(60, 0);
  m.layers[1].clamp[7] = 1;
  const TapRange three{-1, -1, 3, 3}, odd{0, -2, 2, 3};
  m.buses = {{"down", 0, 1, true, random_matrix(3, 2, 0.2, 5), random_matrix(10, 18, 0.2, 6), three},
             {"up", 1, 2, true, random_matrix(10, 9, 0.2, 7), random_matrix(4, 54, 0.1, 8), odd},
             {"skip", 0, 2, false, random_matrix(3, 3, 0.2, 9), random_matrix(4, 27, 0.2, 10), three}};
  return m;
}

Eigen::VectorXd field_of(const Machine& machine, int chain) {
  return random_matrix(cell_count(machine), 1, 1.0, 100 + static_cast<std::uint64_t>(chain));
}

/// Noise that says which chain asked for which step.
Gaussian noise_of(int chain) {
  return [chain](std::uint64_t step, Eigen::VectorXd& xi) {
    xi = random_matrix(xi.size(), 1, 1.7, 1000 * step + static_cast<std::uint64_t>(chain));
  };
}

void check_close(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  REQUIRE(a.size() == b.size());
  CHECK((a - b).cwiseAbs().maxCoeff() <= 1e-13 * (1 + b.cwiseAbs().maxCoeff()));
}

void compare(const Machine& machine) {
  const auto plan = std::make_shared<const Float64Plan>(machine);
  Float64Chains chains(plan);
  std::vector<Float64Array> alone(kFloat64Chains, Float64Array(machine));
  const std::vector<double> kt = {0, 0.01, 0.04, 0.01};
  const Eigen::Index first = 2, count = chains.cells() - 3;
  for (int k = 0; k < kFloat64Chains; ++k) {
    const auto at = static_cast<std::size_t>(k);
    chains.set_field(k, field_of(machine, k));
    chains.set_temperature(k, kt[at], noise_of(k));
    alone[at].set_field(field_of(machine, k));
  }
  chains.run(5, 12);
  chains.begin_sums(first, count);
  chains.run(17, 9);
  for (int k = 0; k < kFloat64Chains; ++k) {
    CAPTURE(k);
    const auto at = static_cast<std::size_t>(k);
    alone[at].run(5, 12, kt[at], noise_of(k));
    Sums sums;
    alone[at].run(17, 9, kt[at], noise_of(k), &sums);
    CHECK(alone[at].state().norm() > 0.1);
    check_close(chains.state(k), alone[at].state());
    CHECK(chains.sums(k).steps == 9);
    check_close(chains.sums(k).x, sums.x.segment(first, count));
    check_close(chains.sums(k).x_squared, sums.x_squared.segment(first, count));
  }
}

}  // namespace

TEST_CASE("chains side by side are Float64Array's, each with its own field, temperature and noise") {
  compare(small_machine());
  compare(grids());
}

TEST_CASE("chains do not depend on each other, nor on how many steps are asked for at once") {
  const auto plan = std::make_shared<const Float64Plan>(grids());
  const auto state = [&](int chain, int steps_at_once, bool others) {
    Float64Chains chains(plan);
    for (int k = 0; k < kFloat64Chains; ++k) {
      if (k != chain && !others) continue;
      chains.set_field(k, field_of(grids(), k == chain ? 0 : k + 5));
      chains.set_temperature(k, 0.02, noise_of(k == chain ? 0 : k + 5));
    }
    for (int step = 0; step < 12; step += steps_at_once) {
      chains.run(static_cast<std::uint64_t>(step), steps_at_once);
    }
    return chains.state(chain);
  };
  const Eigen::VectorXd expected = state(0, 12, false);
  for (const int chain : {0, 1, 3}) CHECK(state(chain, 4, true) == expected);
}

TEST_CASE("products of sites have the same bits in every set of instructions, and are the sums of their terms") {
  const Eigen::MatrixXd numbers = random_matrix(4000, 1, 1.0, 77);
  SiteProducts products;
  products.inputs = 5;
  products.outputs = 11;
  products.coefficients.assign(numbers.data(),
                               numbers.data() + 3 * products.inputs * static_cast<int>(products.padded()));
  const auto matrix = static_cast<std::uint32_t>(products.inputs * static_cast<int>(products.padded()));
  products.terms = {{0, 0}, {5, matrix}, {12, 2 * matrix}, {3, matrix}};
  products.ends = {3, 3, 4};  // the second site has none
  products.factor = {1.0, 1.0, 0.25};
  const double* const from = numbers.data() + 1000;
  const std::size_t size = products.ends.size() * 11 * kFloat64Chains;
  std::vector<double> expected;
  for (const auto subtract : runnable_subtract_products()) {
    std::vector<double> made(size, 0.5);
    subtract(products, from, made.data());
    if (expected.empty()) expected = made;
    CHECK(made == expected);
  }
  REQUIRE(expected.size() == size);
  std::size_t first = 0, at = 0;
  for (std::size_t s = 0; s < products.ends.size(); ++s) {
    for (std::size_t o = 0; o < 11; ++o) {
      for (std::size_t c = 0; c < kFloat64Chains; ++c, ++at) {
        double sum = 0;
        for (std::size_t t = first; t < products.ends[s]; ++t) {
          for (std::size_t i = 0; i < 5; ++i) {
            sum += products.coefficients[products.terms[t].matrix + i * products.padded() + o] *
                   from[(products.terms[t].first_row + i) * kFloat64Chains + c];
          }
        }
        CHECK(expected[at] == doctest::Approx(0.5 - products.factor[s] * sum).epsilon(1e-12));
      }
    }
    first = products.ends[s];
  }
}

TEST_CASE("chains: bad arguments are refused") {
  const auto plan = std::make_shared<const Float64Plan>(small_machine());
  Float64Chains chains(plan);
  CHECK_THROWS_WITH_AS(chains.set_field(4, Eigen::VectorXd::Zero(14)), "chain 4: not 0 to 3", Error);
  CHECK_THROWS_WITH_AS(chains.set_field(0, Eigen::VectorXd::Zero(13)), "the field has 13 entries, the machine 14 cells",
                       Error);
  CHECK_THROWS_AS(chains.set_field(0, Eigen::VectorXd::Constant(14, NAN)), Error);
  CHECK_THROWS_AS(chains.set_temperature(0, -1, nullptr), Error);
  CHECK_THROWS_AS(chains.set_temperature(0, 1, nullptr), Error);
  CHECK_THROWS_AS(chains.run(0, -1), Error);
  CHECK_THROWS_AS(chains.begin_sums(10, 5), Error);
  Machine unstable = small_machine();
  unstable.layers[0].stiffness.setConstant(1e200);
  Float64Chains far(std::make_shared<const Float64Plan>(unstable));
  CHECK_THROWS_WITH_AS(far.run(0, 20), "the float64 run is no longer finite after 20 steps: unstable", Error);
}
