// Force tables for cells that answer as max(u, slope * u) with noise on.
#pragma once

#include <vector>

namespace settle {

struct LeakyCell {
  double slope = 1;        ///< of the answer below 0, 1/8 to 1
  double step = 0.0625;    ///< e
  double kt = 0;           ///< temperature, > 0
  double field_noise = 0;  ///< standard deviation of the noise that comes with the field, >= 0
};

/// Mean of the stationary chain x <- x + e (u - x - g(x)) + sqrt(2 e kT) xi under the field u, g piecewise linear
/// through `knots` over [-range, range], u itself normal about `u` with the cell's field_noise (taken as slow beside
/// the cell). By the chain's own transition probabilities on a grid, so e's effect is in it.
double mean_answer(const LeakyCell& cell, const std::vector<double>& knots, double range, double u);

/// Largest |mean_answer - max(u, slope u)| over u where it can differ: 12 standard deviations about 0.
double answer_error(const LeakyCell& cell, const std::vector<double>& knots, double range);

/// Knots of g = G' beside a stiffness of 1: 0 above zero, (1 / slope - 1) x below, not lower than
/// -7/8 of the range, which a coefficient can hold. The knot at 0 is set so that the largest error of the mean answer
/// is least: a noisy rectifier answers too high about 0, because its soft side is wider, and a little force there takes
/// a third off the error. `pieces` even.
std::vector<double> leaky_table(const LeakyCell& cell, double range, int pieces);

}  // namespace settle
