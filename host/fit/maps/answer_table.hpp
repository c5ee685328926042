// Force tables for cells that answer with any rising function.
#pragma once

#include <vector>

#include "fit/maps/cell_answer.hpp"

namespace settle {

/// What a cell fluctuates by.
struct CellNoise {
  double step = 0.0625;       ///< e
  double kt = 0;              ///< >= 0
  double field_variance = 0;  ///< of the noise that comes with the field, slow beside the cell
};

/// Knots of g over [-range, range] beside a stiffness of 1: a cell whose mean state is x has the mean field x + g(x),
/// and x is answer(field_unit * field) / state_unit. At the knots; between them g is straight. With noise the mean of
/// a curved force is not the force at the mean: from h = <x + g(x)> with the variance kT / (k (1 - e k / 2)), k = 1 +
/// g', and from the answer's own curvature under a field that fluctuates, to second order,
///   g = g0 - g0'' / 2 (kT / (k (1 - e k / 2)) + field_variance / k^2),   g0: of a cell without noise.
/// Not beyond +-7/8 of the range, which a coefficient can hold. `pieces` even.
std::vector<double> answer_table(const CellAnswer& answer, double field_unit, double state_unit, double range,
                                 int pieces, const CellNoise& noise);

}  // namespace settle
