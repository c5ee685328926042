// Products of small matrices with the rows of many sites, for several chains side by side: what a bus does in double
// precision, in the widest instructions that the computer has. The same bits with any of them: each chain's products
// and sums are made one after the other in the same order.
//
// Rows are [rows][kFloat64Chains]: a row holds one number of each chain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace settle {

/// Chains in double precision that are settled side by side: a vector of AVX2.
inline constexpr int kFloat64Chains = 4;

/// Outputs that are made at a time: rows of coefficients are padded to a multiple of it.
inline constexpr std::size_t kFloat64Outputs = 8;

/// One term of a site's output: from which row its inputs are read, and which matrix multiplies them.
struct SiteTerm {
  std::uint32_t first_row;
  std::uint32_t matrix;  ///< first of its coefficients
};

/// A linear map from rows to the rows of sites: output o of site s is factor[s] times the sum over the site's terms
/// and over their inputs i of coefficient [i][o] times row first_row + i.
struct SiteProducts {
  int inputs = 0, outputs = 0;       ///< rows of a term; rows of a site
  std::vector<double> coefficients;  ///< [matrices][inputs][outputs padded]
  std::vector<SiteTerm> terms;       ///< site by site
  std::vector<std::size_t> ends;     ///< [sites] where each site's terms end
  std::vector<double> factor;        ///< [sites]; empty: 1

  std::size_t padded() const {
    return (static_cast<std::size_t>(outputs) + kFloat64Outputs - 1) / kFloat64Outputs * kFloat64Outputs;
  }
};

/// Writes products of `from` to the rows [sites * outputs] at `to`. Undefined where a term reads rows that are not
/// there.
void set_products(const SiteProducts& products, const double* from, double* to);

/// The same, subtracted from what stands there.
void subtract_products(const SiteProducts& products, const double* from, double* to);

using SubtractProducts = void (*)(const SiteProducts& products, const double* from, double* to);

/// subtract_products() in every set of instructions that this computer runs, for comparisons.
std::vector<SubtractProducts> runnable_subtract_products();

}  // namespace settle
