// Fits of costs, with standard errors. Costs span decades, so residuals are relative: each point counts alike.
#pragma once

#include <string>
#include <vector>

namespace settle {

/// A number and its standard error: from the scatter about the fit, with as many degrees of freedom as there are points
/// more than parameters; 0 where there are none.
struct Estimate {
  double value = 0, error = 0;
};

struct LinearFit {
  std::vector<Estimate> coefficients;
  double residual = 0;  ///< root mean square of (y - fit) / y
};

/// y = sum of coefficient_j columns[j][i], least squares of (y - fit) / y. All y above 0; columns as long as y, which
/// has more points than there are columns. Throws Error otherwise.
LinearFit linear_fit(const std::vector<std::vector<double>>& columns, const std::vector<double>& y);

/// Slope of log y against log x. x and y above 0.
Estimate log_slope(const std::vector<double>& x, const std::vector<double>& y);

struct PowerFit {
  Estimate constant, factor, exponent;
  double residual = 0;  ///< as LinearFit's
};

/// y = constant + factor x^exponent, least squares of (y - fit) / y, for exponents from 0.1 to 4 and constants not
/// below 0. At least four points; x and y above 0. Throws Error otherwise.
PowerFit power_fit(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace settle
