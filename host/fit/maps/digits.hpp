// Fewer digits for the numbers of a fitted machine: seven are far below a coefficient's rounding, and make files a
// third as long.
#pragma once

#include <string>

#include <fmt/format.h>
#include <Eigen/Core>

namespace settle {

/// `value` to seven digits.
inline double digits7(double value) { return std::stod(fmt::format("{:.7g}", value)); }

/// Every entry to seven digits.
template <typename Matrix>
Matrix digits7_of(const Matrix& m) {
  return m.unaryExpr([](double value) { return digits7(value); });
}

}  // namespace settle
