// The nonlinear cells whose laws are checked: F(x) = h - a x - g(x), g in the force table.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle::physics {

struct NonlinearCell {
  std::string name;
  double stiffness = 0, field = 0, kt = 0;
  std::function<double(double)> g;       ///< before it is cut to the table's format
  std::function<double(double)> force;   ///< F with the exact g, cut likewise
  std::function<double(double)> energy;  ///< V of the uncut g
  double low = 0, high = 0;              ///< where its law has weight
  bool kinked = false;                   ///< g has a kink at 0, which is a knot of every table
};

/// Quartic x^4 / 20 (4 J4 x^3 with the paper's J4 = 0.05), double well (x^2 - 1)^2 / 4 tilted by 0.1, two-slope spring
/// of 1 above and 4 below 0.
std::vector<NonlinearCell> nonlinear_cells();

/// Knots of a cell's table for a configuration: g on the coefficient grid, cut to its range.
std::vector<double> cell_knots(const NonlinearCell& cell, const Configuration& configuration);

}  // namespace settle::physics
