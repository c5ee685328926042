#include "physics/nonlinear_cells.hpp"

#include <algorithm>
#include <cmath>

namespace settle::physics {

namespace {

constexpr double kMostForce = 7.75;  // within the coefficient format, differences of neighbours included

double cut(double g) { return std::clamp(g, -kMostForce, kMostForce); }

NonlinearCell finish(NonlinearCell cell) {
  const double a = cell.stiffness, h = cell.field;
  const std::function<double(double)> g = cell.g;
  cell.force = [=](double x) { return h - a * x - cut(g(x)); };
  return cell;
}

}  // namespace

std::vector<NonlinearCell> nonlinear_cells() {
  NonlinearCell quartic;
  quartic.name = "quartic";
  quartic.kt = 0.25;
  quartic.g = [](double x) { return 0.2 * x * x * x; };
  quartic.energy = [](double x) { return 0.05 * x * x * x * x; };
  quartic.low = -4.5;
  quartic.high = 4.5;

  NonlinearCell well;
  well.name = "double well";
  well.field = 0.1;
  well.kt = 0.15;
  well.g = [](double x) { return x * x * x - x; };
  well.energy = [](double x) { return 0.25 * (x * x - 1) * (x * x - 1) - 0.1 * x; };
  well.low = -3.2;
  well.high = 3.2;

  NonlinearCell spring;
  spring.name = "two-slope";
  spring.stiffness = 1;
  spring.field = 0.125;
  spring.kt = 0.05;
  spring.g = [](double x) { return x < 0 ? 3 * x : 0; };
  spring.energy = [](double x) { return (x < 0 ? 2 : 0.5) * x * x - 0.125 * x; };
  spring.low = -1.5;
  spring.high = 2.6;
  spring.kinked = true;
  return {finish(quartic), finish(well), finish(spring)};
}

std::vector<double> cell_knots(const NonlinearCell& cell, const Configuration& configuration) {
  const int pieces = configuration.table_pieces();
  const double range = configuration.state_range(), unit = configuration.coefficient.unit();
  std::vector<double> knots;
  for (int n = 0; n <= pieces; ++n) {
    const double x = range * (2.0 * n / pieces - 1);
    knots.push_back(std::round(cut(cell.g(x)) / unit) * unit);
  }
  return knots;
}

}  // namespace settle::physics
