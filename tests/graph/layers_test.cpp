// What makes one map of another, against sums written out and constants from tables.
#include <cmath>

#include <doctest/doctest.h>

#include "base/splitmix.hpp"
#include "network/layers/activation.hpp"
#include "network/layers/convolution.hpp"

using namespace settle;

namespace {

Map random_map(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  Map map(rows, columns);
  for (Eigen::Index i = 0; i < map.size(); ++i) {
    map.data()[i] = static_cast<float>(
        static_cast<double>(mix64(seed * 100003 + static_cast<std::uint64_t>(i)) >> 40) / 8388608.0 - 1.0);
  }
  return map;
}

/// By the definition, site by site, in double.
double written_out(const Map& map, const Grid& grid, const Kernel& kernel, const Eigen::VectorXf& bias,
                   const KernelWindow& w, int o, int y, int x) {
  double sum = static_cast<double>(bias(o));
  for (int i = 0; i < map.rows(); ++i) {
    for (int ky = 0; ky < w.height; ++ky) {
      for (int kx = 0; kx < w.width; ++kx) {
        const int row = w.stride * y - w.top + ky, column = w.stride * x - w.left + kx;
        if (row < 0 || row >= grid.height || column < 0 || column >= grid.width) continue;
        sum += static_cast<double>(kernel(o, (i * w.height + ky) * w.width + kx)) *
               static_cast<double>(map(i, row * grid.width + column));
      }
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("convolutions of every window, on grids that are not square") {
  int compared = 0;
  for (const int height : {1, 2, 3, 4, 5}) {
    for (const int width : {1, 3, 4, 5}) {
      for (const int stride : {1, 2}) {
        for (const Grid grid : {Grid(9, 13), Grid(6, 1), Grid(2, 5)}) {
          KernelWindow w;
          w.height = height, w.width = width, w.stride = stride;
          w.top = height / 2, w.left = (width - 1) / 2, w.bottom = (height - 1) / 2, w.right = width / 2;
          const Map map = random_map(3, grid.sites(), 1), kernel = random_map(2, 3 * w.taps(), 2);
          const Eigen::VectorXf bias = random_map(2, 1, 3);
          const Map made = convolve(map, grid, kernel, bias, w);
          const Grid to = w.result(grid);
          REQUIRE(made.cols() == to.sites());
          double worst = 0;
          for (int o = 0; o < 2; ++o) {
            for (int y = 0; y < to.height; ++y) {
              for (int x = 0; x < to.width; ++x, ++compared) {
                const double wanted = written_out(map, grid, kernel, bias, w, o, y, x);
                worst = std::max(worst, std::abs(static_cast<double>(made(o, y * to.width + x)) - wanted));
              }
            }
          }
          CHECK(worst < 2e-5);
        }
      }
    }
  }
  CHECK(compared > 3000);
}

TEST_CASE("a transposed convolution is the adjoint of a 2 x 2 convolution of stride 2") {
  // <convolve(a), b> = <a, transposed(b)> where both have the same kernel and no bias.
  const Grid small(3, 5), large(6, 10);
  KernelWindow w;
  w.height = w.width = w.stride = 2;
  w.top = w.left = w.bottom = w.right = 0;
  const Map a = random_map(4, large.sites(), 5), b = random_map(3, small.sites(), 6), kernel = random_map(3, 16, 7);
  Map kernels(16, 3);  // 4 outputs x 4 taps, 3 inputs
  for (int o = 0; o < 3; ++o) {
    for (int i = 0; i < 16; ++i) kernels(i, o) = kernel(o, i);
  }
  const Map down = convolve(a, large, kernel, Eigen::VectorXf::Zero(3), w);
  const Map up = transposed_convolve(b, small, kernels, Eigen::VectorXf::Zero(4));
  const double left = down.cast<double>().cwiseProduct(b.cast<double>()).sum();
  const double right = a.cast<double>().cwiseProduct(up.cast<double>()).sum();
  CHECK(left == doctest::Approx(right).epsilon(1e-5));
  const Map biased = transposed_convolve(b, small, kernels, Eigen::VectorXf::Constant(4, 0.5F));
  CHECK((biased - up).isApproxToConstant(0.5F, 1e-5F));
}

TEST_CASE("pooling that drops the odd edge") {
  Map map(1, 15);
  map << 1, 2, 3, 4, 9,  //
      5, 6, 7, 8, 9,     //
      9, 9, 9, 9, 9;
  Map wanted(1, 2);
  wanted << 3.5F, 5.5F;
  CHECK(halve(map, {3, 5}, OddEdge::drop) == wanted);
  CHECK(halve(map, {3, 5}).cols() == 6);
}

TEST_CASE("activations at points whose values are known") {
  using Kind = Activation::Kind;
  const auto of = [](Kind kind, double u) {
    Activation a;
    a.kind = kind;
    a.slopes = {0.25F};
    a.lowest = -0.5, a.highest = 6;
    return activated(a, u);
  };
  CHECK(of(Kind::identity, -3) == -3);
  CHECK(of(Kind::leaky_relu, -3) == -0.75);
  CHECK(of(Kind::leaky_relu, 3) == 3);
  CHECK(of(Kind::softplus, 0) == doctest::Approx(0.6931471805599453).epsilon(1e-14));  // ln 2
  CHECK(of(Kind::softplus, 800) == 800);
  CHECK(of(Kind::softplus, -800) == 0);
  CHECK(of(Kind::sigmoid, 0) == 0.5);
  CHECK(of(Kind::sigmoid, -1) == doctest::Approx(0.2689414213699951).epsilon(1e-14));
  CHECK(of(Kind::sigmoid, -800) == 0);
  CHECK(of(Kind::tanh, 1) == doctest::Approx(0.7615941559557649).epsilon(1e-14));
  CHECK(of(Kind::silu, 1) == doctest::Approx(0.7310585786300049).epsilon(1e-14));
  CHECK(of(Kind::silu, -1.2784645427610738) == doctest::Approx(-0.2784645427610738).epsilon(1e-12));  // its least
  CHECK(of(Kind::gelu, 1) == doctest::Approx(0.8413447460685429).epsilon(1e-14));  // the normal law at 1
  CHECK(of(Kind::gelu, -2) == doctest::Approx(-2 * 0.0227501319481792).epsilon(1e-12));
  CHECK(std::abs(of(Kind::gelu_tanh, 1) - of(Kind::gelu, 1)) < 1e-3);
  CHECK(of(Kind::clip, -1) == -0.5);
  CHECK(of(Kind::clip, 7) == 6);
}

TEST_CASE("slopes of channels, and who is monotone") {
  Activation a;
  a.kind = Activation::Kind::leaky_relu;
  a.slopes = {0.5F, 0.25F};
  Map map(2, 2);
  map << -2, 2, -4, 4;
  Map wanted(2, 2);
  wanted << -1, 2, -1, 4;
  CHECK(activated(a, map) == wanted);
  CHECK_THROWS_WITH(activated(a, Map::Zero(3, 1)), "leaky_relu: 2 slopes for 3 channels");
  CHECK(is_monotone(a));
  a.slopes[0] = -0.1F;
  CHECK_FALSE(is_monotone(a));
  using Kind = Activation::Kind;
  for (int k = 0; k <= static_cast<int>(Kind::clip); ++k) {
    Activation b;
    b.kind = static_cast<Kind>(k);
    b.slopes = {0.1F};
    b.lowest = -1, b.highest = 1;
    bool rises = true;
    for (double u = -8; u < 8; u += 0.01) rises = rises && activated(b, u + 0.01) >= activated(b, u) - 1e-12;
    CAPTURE(activation_name(b.kind));
    CHECK(is_monotone(b) == rises);
  }
}
