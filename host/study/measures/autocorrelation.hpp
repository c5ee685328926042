// How many of a run's steps count as independent.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace settle {

inline constexpr double kSokalWindow = 5.0;           ///< c: the window is the first W >= c * steps(W)
inline constexpr double kAutocorrelationRuns = 50.0;  ///< a valid series is longer than this many of its times

/// Integrated autocorrelation time of a series, in units of the spacing of its entries.
struct Autocorrelation {
  double steps = 0;         ///< 1 + 2 sum over lags 1 .. window of rho; 1 for independent entries
  std::int64_t window = 0;  ///< the last lag that was summed
  bool valid = false;       ///< the series is longer than kAutocorrelationRuns * steps; if not, `steps` is a guess
};

/// `autocorrelation_steps` (A. Sokal, Monte Carlo Methods in Statistical Mechanics, 1997): rho at lag t is
/// sum (s_i - m)(s_{i+t} - m) / sum (s_i - m)^2 about the series' own mean m, and the sum over lags stops at the first
/// window W >= kSokalWindow * steps(W), where the neglected tail is small and the noise of long lags is left out.
/// `series` [at least 2], any units. A series with every n-th step has its result in units of n steps. Throws
/// MeasureError if the series does not vary.
Autocorrelation autocorrelation_steps(const Eigen::VectorXd& series);

/// Mean of a series with an error that knows that its entries are not independent.
struct MeanEstimate {
  double mean = 0;
  double standard_error = 0;  ///< of the mean, the series' units
  double ess = 0;             ///< effective sample size: entries / autocorrelation steps; over seconds: ess_per_second
  bool valid = false;         ///< as Autocorrelation::valid
};

/// standard_error^2 = s^2 * t / (n - t): s^2 is the mean square about the series' mean, t the autocorrelation time, n
/// the length. s^2 underestimates the variance by 1 - t / n, hence n - t; t = 1 gives the textbook s^2 / (n - 1).
/// `series` and errors as for autocorrelation_steps; also throws Error if t >= n, as then the series says nothing.
MeanEstimate mean_estimate(const Eigen::VectorXd& series);

}  // namespace settle
