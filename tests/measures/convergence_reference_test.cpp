// Autocorrelation time, effective sample size and split R-hat against packages that others wrote.
//
// The numbers were printed by
//   python3 tests/measures/convergence_reference.py    emcee 3.1.4 (numpy 1.24.2): integrated_time(series, c = 5)
//   Rscript tests/measures/convergence_reference.R     posterior 1.4.0: ess_basic(series, split = FALSE), rhat_basic;
//                                                      coda 0.19-4: effectiveSize; R 4.2.2
#include <cmath>

#include <doctest/doctest.h>

#include "reference_series.hpp"
#include "study/measures/autocorrelation.hpp"
#include "study/measures/split_r_hat.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle_test::reference_series;

namespace {

constexpr Eigen::Index kDraws = 20000;
constexpr std::uint_fast32_t kSeed = 7;
constexpr double kSame = 1e-10;  // relative: sums of 20,000 terms in another order

struct Reference {
  double phi, last;        // last: the series' last entry
  double integrated_time;  // emcee
  double ess_basic;        // posterior: Geyer's initial monotone sequence
  double effective_size;   // coda: spectral density at 0 of a fitted autoregressive series
  double rhat_basic;       // posterior, split, one chain
};

constexpr Reference kReferences[] = {
    {-0.3, -0.045282777012012061, 0.5413360540187373, 35219.685189139222, 36787.240376092937, 0.99995070683426535},
    {0.0, 0.0022227370656201506, 1.0359073213313827, 19009.353785499534, 19999.999999999905, 0.99995133800655478},
    {0.5, 0.021591812683679469, 3.0758596907473548, 6455.8088352097338, 6434.6438381547896, 0.99995400970055703},
    {0.9, -0.39952163435363724, 26.506502000433652, 835.80658024976344, 1028.3043537390581, 1.0000089697011303},
    {0.98, 0.21267269909326045, 101.70543809883968, 154.16653477195192, 183.20823994244526, 1.0004681585924144},
};

bool same(double a, double b) { return std::abs(a - b) <= kSame * std::abs(b); }

// 4 chains of 1001 draws: an odd number, whose middle draw is left out.
MatrixXd reference_chains() {
  MatrixXd chains(1001, 4);
  for (Eigen::Index c = 0; c < 4; ++c) {
    chains.col(c) = reference_series(0.9, 1001, static_cast<std::uint_fast32_t>(11 + c));
  }
  return chains;
}

}  // namespace

TEST_CASE("the reference series are the same in C++, R and Python") {
  for (const Reference& r : kReferences) CHECK(same(reference_series(r.phi, kDraws, kSeed)(kDraws - 1), r.last));
}

TEST_CASE("autocorrelation_steps is emcee's integrated_time, window and all") {
  for (const Reference& r : kReferences) {
    CAPTURE(r.phi);
    CHECK(same(settle::autocorrelation_steps(reference_series(r.phi, kDraws, kSeed)).steps, r.integrated_time));
  }
}

TEST_CASE("ess agrees with two estimators that share nothing with Sokal's window") {
  // Three standard errors of Sokal's estimate (Madras and Sokal, J. Stat. Phys. 50, 1988) are 8 % at phi = -0.3, 18 %
  // at 0.5, 49 % at 0.9. A sum of rho taken once, not twice, is off by 30, 50 and 90 % there, a window of 1 by 50 % at
  // 0.5. The series of phi = 0.98 has 200 times only: its errors, 32 %, would hide either.
  for (const Reference& r : kReferences) {
    if (r.phi > 0.9) continue;
    CAPTURE(r.phi);
    const VectorXd series = reference_series(r.phi, kDraws, kSeed);
    const auto window = static_cast<double>(settle::autocorrelation_steps(series).window);
    const double tolerance = 3 * std::sqrt(2 * (2 * window + 1) / static_cast<double>(kDraws));
    const double ess = settle::mean_estimate(series).ess;
    CHECK(std::abs(ess / r.ess_basic - 1) < tolerance);
    CHECK(std::abs(ess / r.effective_size - 1) < tolerance);
  }
}

TEST_CASE("split_r_hat of one chain is posterior's rhat_basic") {
  for (const Reference& r : kReferences) {
    CAPTURE(r.phi);
    CHECK(same(settle::split_r_hat(reference_series(r.phi, kDraws, kSeed)), r.rhat_basic));
  }
}

TEST_CASE("split_r_hat of chains is posterior's rhat_basic") {
  MatrixXd chains = reference_chains();
  CHECK(same(settle::split_r_hat(chains), 1.021806052117685));
  MatrixXd shifted = chains;
  shifted.col(3).array() += 1;
  CHECK(same(settle::split_r_hat(shifted), 1.2581973775489452));
  for (Eigen::Index i = 0; i < chains.rows(); ++i) chains.row(i).array() += static_cast<double>(i) / 1000;
  CHECK(same(settle::split_r_hat(chains), 1.0913230378369365));
}
