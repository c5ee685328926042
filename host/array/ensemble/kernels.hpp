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

/// Pairs of cells whose noise is made at a time: noise begins at a multiple of it, and is padded to one.
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
  bool begin = false;  ///< sums begin with these products; otherwise they grow by them
};

/// Stiffness or local couplings of a site's cells.
struct LocalTerms {
  std::vector<std::int32_t> partners;      ///< [site cells] pair of the site in which the partner lies
  std::vector<std::int32_t> coefficients;  ///< [site cells] in the partner's half of the pair
};

/// A step of the cells of some sites. Arrays are [sites * site_cells] where nothing else is said.
struct CellUpdate {
  int sites = 0, site_cells = 0;
  const std::int32_t* state = nullptr;
  const std::int32_t* pairs = nullptr;  ///< [sites * ceil(site_cells / 2)] operands
  /// The force begins with field times 2^fraction plus gain times noise.
  const std::int32_t* noise = nullptr;   ///< may be null
  const std::int32_t* fields = nullptr;  ///< times 2^16
  const std::int32_t* gains = nullptr;   ///< one row
  int fraction = 0;
  const std::vector<LocalTerms>* locals = nullptr;  ///< of each, the product with a pair of the site is subtracted
  /// The force of a table is subtracted `tables` times; pair_of(left, rise) of each piece.
  int tables = 0;
  const std::int32_t* table = nullptr;
  int below = 0;  ///< bits of an operand inside a piece
  std::int32_t lowest = 0;
  Sums force;                           ///< of buses; written over
  bool begun = false;                   ///< whether it holds any
  const std::uint8_t* clamp = nullptr;  ///< 1 for cells that keep their states
  Rounding rounding;
  std::int32_t* next = nullptr;
  std::int32_t* counts = nullptr;  ///< one row, grows where a state had to be clipped
  /// What states and squares of operands are added to, of which the squares' sums have no sign; null: no window.
  std::int32_t* sum = nullptr;
  std::int32_t* square = nullptr;
};

/// The loops, compiled for one set of instructions.
struct Kernels {
  /// States [sites * site_cells] as operands: pairs [sites * ceil(site_cells / 2)] of neighbours in a site, the last
  /// one with 0 if site_cells is odd. Returns the largest magnitude of an operand, of all chains.
  std::int32_t (*operands)(const std::int32_t* state, int sites, int site_cells, const Rounding& rounding,
                           std::int32_t* pairs);

  /// Gaussian samples at `step` of `pairs` pairs of cells from pair `first` on, a multiple of kNoisePairs: [2 pairs] in
  /// the lower 16 bits, the upper ones 0; may be padded. `keys`: [rounds] round keys of each chain. `table`:
  /// pair_of(value - 2^15, rise) for each knot of the Gaussian's table. `drop`: bits of a sample that stay 0.
  void (*samples)(const std::uint32_t* keys, int rounds, std::uint64_t step, int first, int pairs,
                  const std::int32_t* table, int drop, std::int32_t* noise);

  /// The terms' products, added to the sums of `count` sites from site `first` on, [count][site_rows], or as their
  /// beginning; 0 in the rows by which a site's outputs are padded, so that kOutputs - 1 rows must follow the last
  /// site's.
  void (*dots)(const SiteTerms& terms, std::size_t first, std::size_t count, const std::int32_t* pairs,
               const std::int32_t* coefficients, const DotShape& shape, std::size_t site_rows, const Sums& sums);

  /// Sums [count] as words [count]; `counts`, one row, grows where a word had to be clipped.
  void (*words)(const Sums& sums, int count, const Rounding& rounding, std::int32_t* words, std::int32_t* counts);

  /// Words [sources][count] as pairs [sources][ceil(count / 2)].
  void (*word_pairs)(const std::int32_t* words, int sources, int count, std::int32_t* pairs);

  /// Next states.
  void (*update)(const CellUpdate& update);

  const char* name;  ///< of the instructions
};

/// The best that this computer runs, for kChains chains and for one.
const Kernels& best_kernels();
const Kernels& best_solo_kernels();

/// Every one that this computer runs, the best one first. For comparisons: nobody may ask for the best ones meanwhile.
std::vector<const Kernels*> runnable_kernels();
std::vector<const Kernels*> runnable_solo_kernels();

}  // namespace settle::ensemble
