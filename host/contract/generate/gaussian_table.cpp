// settle-gaussian-table: computes rtl/gaussian_table.hex, the inverse normal distribution as the noise unit reads it,
// and prints the moments of the samples that the quantised table gives. The file ships: noise must not depend on libm.
//
// A 31-bit magnitude v stands for the upper tail probability p = (v + 1/2) / 2^32 and the sample is Phi^-1(1 - p).
// Octave z (leading zeros of v, 0 to 30) is cut into 8 equal pieces, each read by linear interpolation with 11 fraction
// bits from knot 8 z + j at v = 2^(31-z) (1 - j/16). Knots (unsigned, 13 fraction bits) are the least-squares fit of
// the continuous piecewise-linear function, not samples of the curve: sampled knots would widen the distribution.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <Eigen/Dense>

#include "contract/configuration/gaussian.hpp"

namespace {

constexpr int kKnots = 31 * 8 + 1;
constexpr int kFractions = 2048;

/// x with upper tail probability p, by Newton steps on erfc in long double.
double inverse_tail(long double p) {
  long double x = p > 0.02L ? 1.0L : std::sqrt(-2.0L * std::log(p)) * 0.9L;
  for (int i = 0; i < 200; ++i) {
    const long double tail = std::erfc(x / std::sqrt(2.0L)) / 2.0L;
    const long double density = std::exp(-x * x / 2.0L) / std::sqrt(2.0L * std::acos(-1.0L));
    const long double change = (tail - p) / density;
    x += change > 0.5L ? 0.5L : (change < -0.5L ? -0.5L : change);
    if (std::fabs(change) < 1e-15L) break;
  }
  return static_cast<double>(x);
}

/// One equally likely input class: the magnitudes that share a knot and a fraction.
struct Cell {
  int knot;
  int fraction;
  double probability;  // of the class among all magnitudes
  double sample;       // the exact sample at its middle
};

std::vector<Cell> cells() {
  std::vector<Cell> all;
  for (int zeros = 0; zeros < 31; ++zeros) {
    const int bits = 30 - zeros;  // bits below the leading one
    const int kept = bits < 14 ? bits : 14;
    for (int top = 0; top < (1 << kept); ++top) {
      const std::uint32_t first = (1u << bits) | (static_cast<std::uint32_t>(top) << (bits - kept));
      const double count = std::ldexp(1.0, bits - kept);
      const settle::GaussianAddress address = settle::gaussian_address(first);
      const long double middle = static_cast<long double>(first) + count / 2;
      all.push_back({address.knot, address.fraction, std::ldexp(count, -31), inverse_tail(std::ldexp(middle, -32))});
    }
  }
  return all;
}

/// Least squares for the knots: normal matrix and right-hand side.
struct Equations {
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(kKnots, kKnots);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(kKnots);

  /// The table's value at this address should be `sample`, with this weight.
  void add(int knot, int fraction, double sample, double mass) {
    const double t = static_cast<double>(fraction) / kFractions;
    const std::array<double, 2> weight{1 - t, t};
    for (int a = 0; a < 2; ++a) {
      right(knot + a) += mass * weight[static_cast<std::size_t>(a)] * sample;
      for (int b = 0; b < 2; ++b) {
        normal(knot + a, knot + b) += mass * weight[static_cast<std::size_t>(a)] * weight[static_cast<std::size_t>(b)];
      }
    }
  }
};

}  // namespace

int main() {
  const std::vector<Cell> all = cells();
  Equations equations;
  for (const Cell& c : all) equations.add(c.knot, c.fraction, c.sample, c.probability);
  // The deepest octaves hold fewer values than knots: a light pull towards the curve settles what is left open.
  for (int k = 0; k < kKnots; ++k) {
    const long double v = std::ldexp(1.0L - static_cast<long double>(k % 8) / 16, 31 - k / 8);
    const double weight = (k < 20 * 8 ? 1e-4 : 10.0) * std::ldexp(1.0, -(k / 8) - 1);
    equations.normal(k, k) += weight;
    equations.right(k) += weight * inverse_tail((v < 0.5L ? 0.5L : v) * std::ldexp(1.0L, -32));
  }
  // Between knots the fit is off by up to a grid unit, which 1e10 samples see: the counts beyond whole sigmas are made
  // exact by one equation each, 30 times as heavy as all samples beyond: heavy against its piece of the table, which
  // holds less than those, and light enough that the variance stays within 2e-6 of 1.
  for (const int sigma : {3, 4, 5}) {
    const double beyond = std::erfc(sigma / std::sqrt(2.0));
    const double v = std::ldexp(beyond, 31) - 0.5;
    const settle::GaussianAddress address = settle::gaussian_address(static_cast<std::uint32_t>(std::lround(v)));
    equations.add(address.knot, address.fraction, sigma, 30 * beyond);
  }
  Eigen::VectorXd knots = equations.normal.ldlt().solve(equations.right);
  std::array<std::uint16_t, 256> table{};
  double second = 0, fourth = 0;
  for (int pass = 0; pass < 4; ++pass) {  // rounding and fitting shift the variance by ~1e-6: scale it to one
    for (int k = 0; k < kKnots; ++k) {
      table[static_cast<std::size_t>(k)] = static_cast<std::uint16_t>(std::lround(std::max(0.0, knots(k)) * 8192));
    }
    second = fourth = 0;
    for (const Cell& c : all) {
      const double x = settle::gaussian_magnitude(table.data(), {c.knot, c.fraction}) / 4096.0;
      second += c.probability * x * x;
      fourth += c.probability * x * x * x * x;
    }
    if (pass < 3) knots /= std::sqrt(second);
  }
  std::fprintf(stderr, "variance %.8f, excess kurtosis %.6f\n", second, fourth / (second * second) - 3);
  for (std::size_t k = 0; k < table.size(); ++k) std::printf("%04x%c", table[k], k % 8 == 7 ? '\n' : ' ');
  return 0;
}
