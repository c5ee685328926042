// The PLL between a board's oscillator and its array: which settings it has, and what clock they make.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fpga/board.hpp"

namespace settle {

/// One setting of a family's PLL: a parameter of its cell, by the vendor's name.
struct PllSetting {
  std::string name;
  int least = 0, most = 0;
  int bits = 0;  ///< width of the cell's parameter; 0: it has none
};

/// The settings that decide the clock. A cell's other parameters are the top's matter.
const std::vector<PllSetting>& pll_settings(Family family);

/// The clock that the PLL makes, to the nearest Hz. `settings`: a value within its range for every one of
/// pll_settings(family). `origin` begins errors. Throws Error if the PLL's own oscillator (VCO) would leave the range
/// of the data sheet: names the settings, the frequency and the range.
std::int64_t pll_hz(Family family, const std::map<std::string, int>& settings, std::int64_t oscillator_hz,
                    const std::string& origin);

}  // namespace settle
