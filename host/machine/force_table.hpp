// A layer's local force g = G' in double precision.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

namespace settle {

/// Piecewise linear through equidistant knots that include both ends of [-range, range]. Beyond the ends the value at
/// the end holds: the hardware's state saturates there, so it never reads its table further out.
class ForceTable {
 public:
  /// `knots`: g at -range, ..., range, force units, at least 2, finite; or none: g = 0, a linear cell. `range` > 0 in
  /// the state's units. `name` stands in the Error that is thrown otherwise.
  ForceTable(const std::string& name, const std::vector<double>& knots, double range);

  bool linear_cell() const { return knots_.size() == 0; }

  /// g(x); x in the state's units. Not a number for x that is none.
  double operator()(double x) const;

  /// g'(x): that of the piece right of x at a knot, 0 beyond the ends.
  double slope(double x) const;

 private:
  Eigen::VectorXd knots_;
  double range_;
};

}  // namespace settle
