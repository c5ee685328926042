// Small linear machines for configuration `tiny`, one for each way in which cells can be coupled. Their numbers lie on
// the fixed-point grid, so that what the array does and exact arithmetic differ by rounding of states and words alone.
#pragma once

#include <string>
#include <vector>

#include "machine/machine.hpp"

namespace settle::physics {

struct NamedMachine {
  std::string name;
  Machine machine;
  bool reciprocal = true;  ///< obeys detailed balance
};

/// All of them at step e = `step` <= 1/4, at which each is stable: single cells, ring, torus, two modules with a
/// reciprocal bus, a self-bus, a one-way bus, a 3 x 3 grid with taps to a 2 x 2 grid.
std::vector<NamedMachine> linear_machines(double step);

/// `cells` uncoupled cells (a multiple of 4) of one stiffness a >= 0 and field h, with a force table of `knots` values
/// (empty: linear), on `side` x `side` sites.
Machine single_cells(int site_cells, int side, double stiffness, double field, const std::vector<double>& knots,
                     double step);

/// `size` * uniform(-1, 1), rounded to the coefficient grid of 2^-12.
Eigen::MatrixXd on_grid(Eigen::Index rows, Eigen::Index columns, double size, std::uint64_t seed);

}  // namespace settle::physics
