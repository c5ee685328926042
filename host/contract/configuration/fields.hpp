// The fields of a configuration by name, with their ranges: what reading, changing, listing and hashing go through.
#pragma once

#include <array>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// A field that is a number.
struct NumberField {
  const char* name;
  int Configuration::*value;
  int lowest;
  int highest;
  bool decides_bits;  // part of the hash
};

/// A field that is part of a number format.
struct FormatField {
  const char* name;
  Format Configuration::*format;
  int Format::*value;
  int lowest;
  int highest;
};

inline constexpr std::array<NumberField, 18> kNumberFields{{
    {"lanes", &Configuration::lanes, 1, 64, false},
    {"layers", &Configuration::layers, 1, 64, true},
    {"side", &Configuration::side, 1, 64, true},
    {"site_cells", &Configuration::site_cells, 1, 4096, true},
    {"cells", &Configuration::cells, 1, 1 << 18, true},
    {"rank", &Configuration::rank, 1, 1024, true},
    {"coefficients", &Configuration::coefficients, 16, 1 << 20, true},
    {"words", &Configuration::words, 1, 1 << 18, true},
    {"program", &Configuration::program, 4, 1024, true},
    {"segments", &Configuration::segments, 1, 64, true},
    {"trace_depth", &Configuration::trace_depth, 256, 65536, true},
    {"table_bits", &Configuration::table_bits, 0, 10, true},
    {"neighbours", &Configuration::neighbours, 0, 1, true},
    {"word_gain_bits", &Configuration::word_gain_bits, 0, 4, true},
    {"step_shift", &Configuration::step_shift, 0, 12, true},
    {"noise_lanes", &Configuration::noise_lanes, 1, 64, false},
    {"noise_rounds", &Configuration::noise_rounds, 8, 27, true},
    {"noise_rounds_per_cycle", &Configuration::noise_rounds_per_cycle, 1, 27, false},
}};

/// What else a format of rtl/configurations.json fixes.
inline constexpr std::array<NumberField, 4> kFormatNumbers{{
    {"accumulator_width", &Configuration::accumulator_width, 33, 48, true},
    {"projection_width", &Configuration::projection_width, 40, 48, true},
    {"noise_fraction", &Configuration::noise_fraction, 1, 12, true},
    {"round_half_up", &Configuration::round_half_up, 0, 1, true},
}};

inline constexpr std::array<FormatField, 8> kFormatFields{{
    {"state_width", &Configuration::state, &Format::width, 12, 32},
    {"state_fraction", &Configuration::state, &Format::fraction, 4, 30},
    {"operand_width", &Configuration::operand, &Format::width, 8, 16},
    {"operand_fraction", &Configuration::operand, &Format::fraction, 4, 15},
    {"coefficient_width", &Configuration::coefficient, &Format::width, 8, 16},
    {"coefficient_fraction", &Configuration::coefficient, &Format::fraction, 4, 15},
    {"word_width", &Configuration::word, &Format::width, 4, 16},
    {"word_fraction", &Configuration::word, &Format::fraction, 1, 15},
}};

/// The largest value that any configuration can have in the field.
constexpr int highest_of(int Configuration::*field) {
  for (const NumberField& f : kNumberFields) {
    if (f.value == field) return f.highest;
  }
  return 0;
}

/// A field of one configuration by its name.
struct NamedValue {
  const char* name;
  int* value;
  int lowest;
  int highest;
};

/// Every field of `c`, in the order in which a device lists them.
std::vector<NamedValue> named_values(Configuration& c);

/// The two parts of them: bounds and properties, and what a format of rtl/configurations.json fixes.
std::vector<NamedValue> named_bounds(Configuration& c);
std::vector<NamedValue> named_formats(Configuration& c);

}  // namespace settle
