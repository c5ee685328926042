// Whether a machine may run at all: its energy has a minimum and its step does not run away.
#pragma once

#include <string>
#include <vector>

#include "machine/machine.hpp"

namespace settle {

/// What check_machine found. Eigenvalues are those of M (one-way buses: moduli and real parts as said).
struct Stability {
  bool reciprocal = true;       ///< every bus is
  double lambda_min = 0;        ///< least eigenvalue (not reciprocal: least real part)
  double lambda_max = 0;        ///< greatest eigenvalue (not reciprocal: greatest modulus)
  double radius = 0;            ///< max|1 - e lambda|
  double step_bound = 0;        ///< the step must stay below this (2 / lambda_max; one-way: min 2 Re / |lambda|^2)
  double relaxation_steps = 0;  ///< -1 / ln radius
  /// Layers that act on one another in a cycle with a one-way bus in it, by name, "a, b" for each such group: allowed,
  /// but without an energy, and worth saying.
  std::vector<std::string> one_way_cycles;
};

/// Layers that do not act on one another are judged by themselves (M is then block triangular), so a machine of one-way
/// buses without cycles may have any size. Groups of more than 2,048 cells are judged without their matrix: reciprocal
/// ones by Lanczos' method, with its error added; cycles with one-way buses by power iteration (radius and lambda_max
/// to about 1 %; lambda_min is then the bound (1 - radius) / e, step_bound the step itself).
///
/// Computes the above for the free cells (clamped ones are left out). A layer with a force table counts with the slope
/// of the table's outermost pieces for lambda_min (the energy must grow at the ends of the range; wells inside are
/// allowed) and with its steepest slope for lambda_max and the radius. No other error for an unfit machine.
Stability stability(const Machine& machine);

/// `found` is stability(machine). Throws Error in one line that begins with `name` (a file, or a preset): a reciprocal
/// machine whose M is not positive definite (says lambda_min and the bound 0), or a step with max|1 - e lambda| >= 1
/// (says it, the bound 1 and the largest admissible step).
void check_stability(const Stability& found, const Machine& machine, const std::string& name);

/// Returns stability(machine), or throws as check_stability.
Stability check_machine(const Machine& machine, const std::string& name = "machine");

}  // namespace settle
