#include "fit/maps/answer_table.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace settle {
namespace {

constexpr double kGreatest = 0.875;  // of the range

}  // namespace

std::vector<double> answer_table(const CellAnswer& answer, double field_unit, double state_unit, double range,
                                 int pieces, const CellNoise& noise) {
  if (pieces < 2 || pieces % 2 != 0) throw error("answer table: {} pieces, an even number is needed", pieces);
  const double spacing = 2 * range / pieces;
  const auto exact = [&](double x) { return answer.inverse(state_unit * x) / field_unit - x; };
  std::vector<double> knots;
  for (int n = 0; n <= pieces; ++n) {
    const double x = range * (2.0 * n / pieces - 1);
    const double left = exact(x - spacing), force = exact(x), right = exact(x + spacing);
    const double stiffness = 1 + (right - left) / (2 * spacing);
    const double curvature = (right - 2 * force + left) / (spacing * spacing);
    const double variance =
        noise.kt / (stiffness * (1 - noise.step * stiffness / 2)) + noise.field_variance / (stiffness * stiffness);
    knots.push_back(std::clamp(force - curvature / 2 * variance, -kGreatest * range, kGreatest * range));
  }
  return knots;
}

}  // namespace settle
