// Heat that a trajectory gives to the bath, in kT.
//
// Heat of a step from x to x': (F(x) + F(x')) / 2 . (x' - x) / kT, the mean of the forces at both ends (Stratonovich)
// times the way. Of a quadratic energy, F = -dV/dx, that is V(x) - V(x') exactly, whatever the size of the step, and
// for every linear force it equals F at the middle of the step. A force table is not linear: the mean of both ends is
// the trapezoidal rule there, exact up to a step's crossing of a knot, and it takes one force per state instead of two.
#pragma once

#include <functional>

#include <Eigen/Core>

namespace settle {

inline constexpr Eigen::Index kFewestHeatBatches = 20;  ///< of which a standard error is taken

/// F(x) [cells], energy over the unit of x, of a state x [cells].
using StateForce = std::function<Eigen::VectorXd(const Eigen::VectorXd& x)>;

/// Takes the heat step by step, so that nobody has to keep a long path. A cell that is clamped does not move and gives
/// no heat, whatever its force is.
class HeatMeter {
 public:
  /// Starts at state `start` [cells]; `kt` > 0, units of the energy. Throws MeasureError if `start` is empty, kT is not
  /// a number above 0, a value is not finite or the force has another size.
  HeatMeter(StateForce force, double kt, const Eigen::VectorXd& start);

  /// Heat of the step to `next` [cells], in kT, where the following step begins. Throws MeasureError as above and if
  /// the number of cells changes.
  double step(const Eigen::VectorXd& next);

 private:
  Eigen::VectorXd force_at(const Eigen::VectorXd& x) const;

  StateForce force_;
  double kt_;
  Eigen::VectorXd state_, at_state_;  // x and F(x)
};

/// Heat of every step of a path, [steps], in kT; its sum is the path's. `path` [steps + 1 x cells], row 0 the start.
/// Throws MeasureError as HeatMeter and if the path has fewer than 2 rows.
Eigen::VectorXd heat_of_steps(const Eigen::MatrixXd& path, const StateForce& force, double kt);

/// Mean heat per step, in kT, and the standard error of that mean.
struct HeatRate {
  double mean = 0;
  double standard_error = 0;
};

/// From batch means: `heats` [steps], kT, of consecutive steps, are cut into `batches` batches of equal length, and the
/// error is the spread of their means (over batches - 1) over the square root of their number. It needs batches that
/// are longer than the machine remembers. Of a machine with an energy it is then too large rather than too small: what
/// a batch leaves in V, the next one begins with, so that their means lean against each other and the mean of all is
/// known better, by up to the square root of the number of batches. Throws MeasureError unless batches >=
/// kFewestHeatBatches divides the number of steps, and if a heat is not finite.
HeatRate heat_rate(const Eigen::VectorXd& heats, Eigen::Index batches);

}  // namespace settle
