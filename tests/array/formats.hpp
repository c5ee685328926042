// Configurations with other formats than the shipped ones, as sim/CMakeLists.txt verilates them under the same names.
#pragma once

#include <map>
#include <string>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle::testing {

/// The changed configuration under the name that sim/CMakeLists.txt gives its engine.
inline Configuration changed_tiny(const std::string& name, const std::map<std::string, int>& changes) {
  Configuration c = with_changes(configuration("tiny"), changes, name);
  c.name = name;
  return c;
}

/// Every format short, everything cut, no two fractions alike.
inline Configuration tiny_short() {
  return changed_tiny("tiny_short", {{"step_shift", 3},
                                     {"state_width", 17},
                                     {"state_fraction", 12},
                                     {"operand_width", 13},
                                     {"operand_fraction", 8},
                                     {"coefficient_fraction", 11},
                                     {"word_width", 9},
                                     {"word_fraction", 5},
                                     {"noise_fraction", 5},
                                     {"round_half_up", 0}});
}

/// Shorter still, coefficients too, and rounded; two lanes.
inline Configuration tiny_narrow() {
  return changed_tiny("tiny_narrow", {{"lanes", 2},
                                      {"table_bits", 5},
                                      {"state_width", 14},
                                      {"state_fraction", 10},
                                      {"operand_width", 10},
                                      {"operand_fraction", 6},
                                      {"coefficient_width", 10},
                                      {"coefficient_fraction", 7},
                                      {"word_width", 6},
                                      {"word_fraction", 3},
                                      {"accumulator_width", 33},
                                      {"noise_fraction", 2}});
}

}  // namespace settle::testing
