// A build of the array: its bounds, lanes and fixed-point formats. rtl/configurations.json holds those that exist.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace settle {

inline constexpr int kMostSettleSteps = 1000000;  ///< of a run, before its window

/// A two's complement fixed-point format: `width` bits in all, `fraction` of them after the point.
struct Format {
  int width = 0;
  int fraction = 0;

  /// Least and greatest number, in units of the last place, and what that place is worth.
  std::int64_t lowest() const { return -(std::int64_t{1} << (width - 1)); }
  std::int64_t highest() const { return (std::int64_t{1} << (width - 1)) - 1; }
  double unit() const { return 1.0 / static_cast<double>(std::int64_t{1} << fraction); }
};

/// Every field is a bound or a property fixed at build. Ranges stand in fields.hpp beside each field's name.
struct Configuration {
  std::string name;
  std::string purpose;

  int lanes = 0;           ///< cells updated side by side, a power of two that divides every layer's cells of a site
  int layers = 0;          ///< most layers
  int side = 0;            ///< most rows and most columns of a layer's grid of sites; 1: no grids in hardware
  int site_cells = 0;      ///< most cells of one site of a layer
  int cells = 0;           ///< most cells in all
  int rank = 0;            ///< most words of one port
  int coefficients = 0;    ///< coefficient memory, words
  int words = 0;           ///< bus word memory
  int program = 0;         ///< program memory, operations
  int segments = 0;        ///< schedule memory
  int trace_depth = 0;     ///< trace entries
  int table_bits = 0;      ///< force tables have 2^table_bits pieces; 0: no tables in hardware
  int neighbours = 0;      ///< 1: local couplings in hardware
  int word_gain_bits = 0;  ///< 0: bus gain 1 only; 4: power-of-two gains 2^-8 .. 2^7
  int step_shift = 0;      ///< e = 2^-step_shift
  int noise_lanes = 0;     ///< lanes that share one noise generator
  int noise_rounds = 0;    ///< cipher rounds per noise block
  int noise_rounds_per_cycle = 0;
  Format state, operand, coefficient, word;
  int accumulator_width = 0;  ///< bits of a lane's force sum
  int projection_width = 0;   ///< bits of a word's sum and of the trace sums
  int noise_fraction = 0;     ///< bits after the point of a noise sample; those below, up to 12, are 0
  int round_half_up = 0;      ///< 1: operands, words and states are rounded half up; 0: cut (towards -infinity)

  /// Fraction bits of a product of a coefficient and an operand: of every force sum.
  int accumulator_fraction() const { return coefficient.fraction + operand.fraction; }
  /// Bits that a step rounds off: from the fraction of a force sum, times the step, to that of a state.
  int rounded_bits() const { return accumulator_fraction() - state.fraction + step_shift; }
  /// The step e of an update, 2^-step_shift.
  double step() const { return 1.0 / static_cast<double>(1 << step_shift); }
  /// Half the range of a state in units of its layer's scale: states lie in [-state_range, state_range).
  double state_range() const { return static_cast<double>(std::int64_t{1} << (state.width - 1)) * state.unit(); }
  /// Pieces of a force table, 0 if layers have none.
  int table_pieces() const { return table_bits == 0 ? 0 : 1 << table_bits; }

  /// Hash of all that decides what bits a machine produces (lanes and noise scheduling are left out: they do not).
  std::uint64_t hash() const;
  /// The hash as 16 hex digits.
  std::string hash_text() const;
};

/// Every field's name and value, in the order in which a device lists them.
std::vector<std::pair<std::string, int>> field_values(const Configuration& configuration);

/// Refuses values that do not go together: Error, which begins with `origin`. The ranges of single fields are the
/// matter of whoever set them.
void check(const Configuration& configuration, const std::string& origin);

}  // namespace settle
