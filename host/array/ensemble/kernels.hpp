// The loops of the ensemble engine over bare arrays, in the widest instructions that the computer has.
//
// An array is [rows][chains]: a row holds one number of each chain. There are loops for kChains of them, where a vector
// is one row of many chains, and for one (Solo), where it is many rows. A pair is two 16-bit numbers in 32 bits, as
// multiply-adds take them. Nothing here checks that a sum fits: block_plan.cpp proves it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace settle::ensemble {

/// Chains that are settled side by side: a vector of 512 bits, two of 256 or four of 128.
inline constexpr int kChains = 16;

/// Outputs that dots() makes at a time: rows of coefficients and of sums are padded to a multiple of it.
inline constexpr int kOutputs = 8;

/// Pairs of cells whose noise is made at a time: rows of noise are padded to twice a multiple of it.
inline constexpr int kNoisePairs = 4;

constexpr std::int32_t pair_of(std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(low) & 0xffffU) | static_cast<std::uint32_t>(high)
                                                                                     << 16);
}

/// Sums in 32 bits. Where they could overflow, every part that is added is split: into `high`, its multiples of
/// 2^shift, and `low`, what is left; high << shift plus low is the sum. `high` is null otherwise.
struct Sums {
  std::int32_t* low = nullptr;
  std::int32_t* high = nullptr;
  int shift = 0;
};

/// (value + half) >> shift, and then the nearest number from lowest to highest.
struct Rounding {
  int shift = 0;
  std::int32_t half = 0, lowest = 0, highest = 0;
};

/// One part of a sum of products: the row where its pairs begin, and the first of the coefficients that multiply them,
/// [pairs][outputs padded].
struct Term {
  std::uint32_t pairs;
  std::uint32_t coefficients;
};

/// The terms of the sums of many sites, site by site.
struct SiteTerms {
  std::vector<Term> terms;
  std::vector<std::uint32_t> ends;  ///< [sites]
};

/// What every term of a sum has in common.
struct DotShape {
  int pairs = 0;    ///< of a term
  int outputs = 0;  ///< padded
  int run = 0;      ///< pairs whose products fit 32 bits together, where the sums are split
  int left = 0;     ///< sums are taken times 2^left
  bool subtract = false;
};

/// The loops, compiled for one set of instructions.
struct Kernels {
  /// States [sites * site_cells] as operands: pairs [sites * ceil(site_cells / 2)] of neighbours in a site, the last
  /// one with 0 if site_cells is odd. Returns the largest magnitude of an operand, of all chains.
  std::int32_t (*operands)(const std::int32_t* state, int sites, int site_cells, const Rounding& rounding,
                           std::int32_t* pairs);

  /// Gaussian samples of cells 0 .. 2 pairs - 1 at `step`, [cells] in the lower 16 bits, the upper ones 0. `keys`:
  /// [rounds] round keys of each chain. `table`: pair_of(value - 2^15, rise) for each knot of the Gaussian's table.
  /// `drop`: bits of a sample that stay 0.
  void (*samples)(const std::uint32_t* keys, int rounds, std::uint64_t step, int pairs, const std::int32_t* table,
                  int drop, std::int32_t* noise);

  /// Begins force sums [cells]: field times 2^fraction plus gain times noise. `fields` [cells]: times 2^16. `noise` may
  /// be null. `gains`: one row.
  void (*start)(const std::int32_t* noise, const std::int32_t* fields, const std::int32_t* gains, int fraction,
                int cells, const Sums& force);

  /// Subtracts, from force sum i of each site, the product of pair partners[i] of that site with coefficients[i].
  void (*local)(const std::int32_t* pairs, const std::int32_t* partners, const std::int32_t* coefficients, int sites,
                int site_cells, const Sums& force);

  /// Subtracts a table's force. `table`: pair_of(left, rise) of each piece; `below`: bits of an operand inside a piece.
  void (*table)(const std::int32_t* pairs, const std::int32_t* table, int below, std::int32_t lowest, int fraction,
                int sites, int site_cells, const Sums& force);

  /// Adds the terms' products to the sums of `count` sites from site `first` on, [count][site_rows]; 0 to the rows by
  /// which a site's outputs are padded, so that kOutputs - 1 rows must follow the last site's.
  void (*dots)(const SiteTerms& terms, std::size_t first, std::size_t count, const std::int32_t* pairs,
               const std::int32_t* coefficients, const DotShape& shape, std::size_t site_rows, const Sums& sums);

  /// Sums [count] as words [count]; `counts`, one row, grows where a word had to be clipped.
  void (*words)(const Sums& sums, int count, const Rounding& rounding, std::int32_t* words, std::int32_t* counts);

  /// Words [sources][count] as pairs [sources][ceil(count / 2)].
  void (*word_pairs)(const std::int32_t* words, int sources, int count, std::int32_t* pairs);

  /// States and force sums [cells] as the next states; `clamp` [cells]: 1 for cells that keep theirs.
  void (*finish)(const Sums& force, const std::int32_t* state, const std::uint8_t* clamp, int cells,
                 const Rounding& rounding, std::int32_t* next, std::int32_t* counts);

  /// Adds states and squares of operands to sums of 32 bits [sites * site_cells], of which the squares' have no sign.
  void (*window)(const std::int32_t* state, const std::int32_t* pairs, int sites, int site_cells, std::int32_t* sum,
                 std::int32_t* square);

  const char* name;  ///< of the instructions
};

/// The best that this computer runs, for kChains chains and for one.
const Kernels& best_kernels();
const Kernels& best_solo_kernels();

/// Every one that this computer runs, the best one first. For comparisons: nobody may ask for the best ones meanwhile.
std::vector<const Kernels*> runnable_kernels();
std::vector<const Kernels*> runnable_solo_kernels();

}  // namespace settle::ensemble
