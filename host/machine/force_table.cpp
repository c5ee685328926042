#include "machine/force_table.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace settle {

ForceTable::ForceTable(const std::string& name, const std::vector<double>& knots, double range)
    : knots_(Eigen::VectorXd::Map(knots.data(), static_cast<Eigen::Index>(knots.size()))), range_(range) {
  if (knots_.size() == 0) return;
  if (knots_.size() == 1) throw error("layer {}: a force table of 1 knot, at least 2 are needed", name);
  if (!knots_.allFinite()) throw error("layer {}: the force table has a knot that is not finite", name);
  if (!std::isfinite(range) || range <= 0)
    throw error("layer {}: the state's range is {}, above 0 is needed", name, range);
}

double ForceTable::operator()(double x) const {
  if (linear_cell()) return 0.0;
  if (std::isnan(x)) return x;  // of a run that is no longer finite: there is no knot to look up
  const Eigen::Index intervals = knots_.size() - 1;
  const double position = (std::clamp(x, -range_, range_) + range_) / (2.0 * range_) * static_cast<double>(intervals);
  const Eigen::Index below = std::min(static_cast<Eigen::Index>(position), intervals - 1);
  const double part = position - static_cast<double>(below);
  return knots_[below] + part * (knots_[below + 1] - knots_[below]);
}

double ForceTable::slope(double x) const {
  if (linear_cell() || x < -range_ || x >= range_) return 0.0;
  const Eigen::Index intervals = knots_.size() - 1;
  const double spacing = 2.0 * range_ / static_cast<double>(intervals);
  const Eigen::Index below = std::min(static_cast<Eigen::Index>((x + range_) / spacing), intervals - 1);
  return (knots_[below + 1] - knots_[below]) / spacing;
}

}  // namespace settle
