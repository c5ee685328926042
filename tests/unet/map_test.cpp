#include "network/layers/map.hpp"

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "network/layers/convolution.hpp"

using namespace settle;
using settle_test::check_fails;

namespace {

// Straight from the definition, in double, with no shared code.
double convolved(const Map& map, int side, const Kernel& kernel, const Eigen::VectorXf& bias, int output, int y,
                 int x) {
  double sum = bias[output];
  for (int input = 0; input < map.rows(); ++input) {
    for (int ky = 0; ky < 3; ++ky) {
      for (int kx = 0; kx < 3; ++kx) {
        const int sy = y + ky - 1, sx = x + kx - 1;
        if (sy < 0 || sx < 0 || sy >= side || sx >= side) continue;
        sum += static_cast<double>(kernel(output, 9 * input + 3 * ky + kx)) * map(input, sy * side + sx);
      }
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("convolution agrees with the definition, every site") {
  std::srand(7);
  for (const int side : {1, 2, 3, 4, 7, 14}) {
    const Map map = Map::Random(5, side * side);
    const Kernel kernel = Kernel::Random(6, 45);
    const Eigen::VectorXf bias = Eigen::VectorXf::Random(6);
    const Map result = convolve(map, side, kernel, bias);
    REQUIRE(result.rows() == 6);
    REQUIRE(result.cols() == side * side);
    double worst = 0;
    for (int o = 0; o < 6; ++o) {
      for (int s = 0; s < side * side; ++s) {
        const double wanted = convolved(map, side, kernel, bias, o, s / side, s % side);
        worst = std::max(worst, std::abs(wanted - result(o, s)));
      }
    }
    CHECK(worst < 1e-5);
    CHECK(convolve(map, side, kernel, bias) == result);
  }
}

TEST_CASE("halving takes the mean of the sites that exist") {
  Map map(2, 9);
  map << 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 1, 0, 0, 0, 0, 0, 8;
  Map wanted(2, 4);
  wanted << 3, 4.5, 7.5, 9, 0, 0.5, 0, 8;
  CHECK(halve(map, 3) == wanted);

  Map even(1, 4);
  even << 1, 2, 3, 6;
  CHECK(halve(even, 2)(0, 0) == 3.0f);
  CHECK(halve(Map::Ones(3, 49), 7) == Map::Ones(3, 16));
  CHECK(half_side(28) == 14);
  CHECK(half_side(7) == 4);
  CHECK(half_side(1) == 1);
}

TEST_CASE("doubling takes floor(n / 2), on odd grids too") {
  Map map(1, 4);
  map << 1, 2, 3, 4;
  Map wanted(1, 9);
  wanted << 1, 1, 2, 1, 1, 2, 3, 3, 4;
  CHECK(twice(map, 3) == wanted);
  Map even(1, 16);
  even << 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4;
  CHECK(twice(map, 4) == even);
  CHECK(halve(twice(map, 3), 3) == map);
}

TEST_CASE("spatial mean and stacking") {
  Map map(2, 4);
  map << 1, 2, 3, 4, -1, -1, -1, -2;
  CHECK(spatial_mean(map) == Eigen::Vector2d(2.5, -1.25));
  const Map both = stack(map, Map::Zero(1, 4));
  CHECK(both.rows() == 3);
  CHECK(both.topRows(2) == map);
  CHECK(both.row(2).isZero());
}

TEST_CASE("maps and kernels of the wrong shape are refused") {
  const Eigen::VectorXf bias = Eigen::VectorXf::Zero(2);
  check_fails([] { halve(Map::Zero(1, 15), 4); }, "halve: the map has 15 sites, 4 x 4 are needed");
  check_fails([] { twice(Map::Zero(1, 9), 7); }, "twice: the map has 9 sites, 4 x 4 are needed");
  check_fails([] { stack(Map::Zero(1, 9), Map::Zero(1, 4)); }, "stack: maps of 9 and 4 sites");
  check_fails([&] { convolve(Map::Zero(1, 9), 4, Kernel::Zero(2, 9), bias); }, "the map has 9 sites");
  check_fails([&] { convolve(Map::Zero(2, 16), 4, Kernel::Zero(2, 9), bias); }, "2 channels need 18");
  check_fails([&] { convolve(Map::Zero(1, 16), 4, Kernel::Zero(3, 9), bias); }, "2 biases for 3 output channels");
}
