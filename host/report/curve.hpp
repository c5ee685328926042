// The settling curve of a run as a file, for settling.gp to draw.
#pragma once

#include <cstdint>
#include <string>

#include <Eigen/Core>

namespace settle {

/// Distance of two runs with the same noise, from x0 and from x*, at steps 0, stride, 2 * stride, ...
struct SettlingCurve {
  Eigen::VectorXd distance;   ///< measured, the state's units
  Eigen::VectorXd predicted;  ///< |T^n (x0 - x*)| at the same steps; empty if the machine has no such prediction
  std::int64_t stride = 1;    ///< steps between entries, at least 1
};

/// The curve as CSV: a heading and one line per entry, columns
///   step       step of the array, from the start
///   distance   measured distance
///   predicted  its prediction; empty if there is none
/// Numbers have 9 digits. Throws Error if the curve is empty, not finite, the lengths differ or stride < 1.
std::string curve_csv(const SettlingCurve& curve);

}  // namespace settle
