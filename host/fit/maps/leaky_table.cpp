#include "fit/maps/leaky_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <Eigen/Core>

#include "base/error.hpp"
#include "machine/force_table.hpp"

namespace settle {
namespace {

constexpr int kGrid = 201;           // points of the state
constexpr double kReach = 8;         // standard deviations that they span, either side
constexpr int kIterations = 120;     // of the density; the slowest mode has 16 steps at e = 1/16
constexpr double kDeepest = -0.875;  // of the range: where the table stops falling
constexpr double kWidest = 12;       // standard deviations within which the answer is checked
constexpr int kChecked = 25;         // fields in that span

// Gauss-Hermite, five nodes: standard normal abscissae and weights (Abramowitz and Stegun, table 25.10).
constexpr double kNodes[] = {-2.856970013872806, -1.355626179974266, 0.0, 1.355626179974266, 2.856970013872806};
constexpr double kWeights[] = {0.011257411327721, 0.222075922005613, 0.533333333333333, 0.222075922005613,
                               0.011257411327721};

double leaky(double slope, double u) { return std::max(u, slope * u); }

double chain_mean(const LeakyCell& cell, const ForceTable& g, double u) {
  const double spread = std::sqrt(cell.kt), kick = std::sqrt(2 * cell.step * cell.kt);
  const double spacing = 2 * kReach * spread / (kGrid - 1);
  const double first = leaky(cell.slope, u) - kReach * spread;
  // Transition probabilities, a band of `width` targets for each point.
  const double sharp = 0.5 * spacing * spacing / (kick * kick);
  const int wide = static_cast<int>(std::ceil(6 * kick / spacing)), width = 2 * wide + 1;
  Eigen::VectorXi begin(kGrid);
  Eigen::MatrixXd band(width, kGrid);
  for (int i = 0; i < kGrid; ++i) {
    const double x = first + i * spacing;
    const double at = (x + cell.step * (u - x - g(x)) - first) / spacing;  // in grid points
    begin[i] = std::clamp(static_cast<int>(std::lround(at)) - wide, 0, kGrid - width);
    for (int j = 0; j < width; ++j) {
      const double off = begin[i] + j - at;
      band(j, i) = std::exp(-sharp * off * off);
    }
    band.col(i) /= std::max(1e-300, band.col(i).sum());
  }
  Eigen::VectorXd density = Eigen::VectorXd::Constant(kGrid, 1.0 / kGrid), next(kGrid);
  for (int n = 0; n < kIterations; ++n) {
    next.setZero();
    for (int i = 0; i < kGrid; ++i) next.segment(begin[i], width) += density[i] * band.col(i);
    density = next / next.sum();
  }
  double mean = 0;
  for (int i = 0; i < kGrid; ++i) mean += density[i] * (first + i * spacing);
  return mean;
}

}  // namespace

double mean_answer(const LeakyCell& cell, const std::vector<double>& knots, double range, double u) {
  if (!(cell.kt > 0)) throw error("leaky cell: kT is {}, above 0 is needed", cell.kt);
  const ForceTable g("leaky", knots, range);
  if (cell.field_noise == 0) return chain_mean(cell, g, u);
  double mean = 0;
  for (int n = 0; n < 5; ++n) mean += kWeights[n] * chain_mean(cell, g, u + kNodes[n] * cell.field_noise);
  return mean;
}

double answer_error(const LeakyCell& cell, const std::vector<double>& knots, double range) {
  const double reach = kWidest * std::sqrt(cell.kt + cell.field_noise * cell.field_noise);
  double largest = 0;
  for (int n = 0; n < kChecked; ++n) {
    const double u = reach * (2.0 * n / (kChecked - 1) - 1);
    largest = std::max(largest, std::abs(mean_answer(cell, knots, range, u) - leaky(cell.slope, u)));
  }
  return largest;
}

std::vector<double> leaky_table(const LeakyCell& cell, double range, int pieces) {
  if (!(cell.slope >= 0.125 && cell.slope <= 1)) throw error("leaky cell: slope is {}, 1/8 to 1 is needed", cell.slope);
  if (pieces < 2 || pieces % 2 != 0) throw error("leaky cell: {} pieces, an even number is needed", pieces);
  std::vector<double> knots;
  for (int n = 0; n <= pieces; ++n) {
    const double x = range * (2.0 * n / pieces - 1);
    knots.push_back(x < 0 ? std::max((1 / cell.slope - 1) * x, kDeepest * range) : 0.0);
  }
  if (cell.slope == 1 || cell.kt == 0) return knots;
  // Golden section on the force at 0, from none to what lifts the whole error.
  double& zero = knots[static_cast<std::size_t>(pieces / 2)];
  const auto error_at = [&](double force) {
    zero = force;
    return answer_error(cell, knots, range);
  };
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = 0, high = 2 * std::sqrt(cell.kt + cell.field_noise * cell.field_noise);
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = error_at(a), at_b = error_at(b);
  for (int n = 0; n < 10; ++n) {
    if (at_a < at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - golden * (high - low);
      at_a = error_at(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + golden * (high - low);
      at_b = error_at(b);
    }
  }
  zero = (low + high) / 2;
  return knots;
}

}  // namespace settle
