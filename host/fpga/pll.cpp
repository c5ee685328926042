#include "fpga/pll.hpp"

#include "base/error.hpp"

namespace settle {

namespace {

/// The VCO's and the output's clock as products of the oscillator's: numerator / denominator.
struct Ratios {
  std::int64_t vco = 1, vco_divisor = 1;
  std::int64_t output = 1, output_divisor = 1;
};

Ratios ratios(Family family, const std::map<std::string, int>& settings) {
  const auto value = [&](const char* name) { return std::int64_t{settings.at(name)}; };
  switch (family) {
    case Family::ice40: {
      const std::int64_t times = value("DIVF") + 1, divisor = value("DIVR") + 1;
      return {times, divisor, times, divisor << value("DIVQ")};
    }
    case Family::ecp5: {
      const std::int64_t times = value("CLKFB_DIV"), divisor = value("CLKI_DIV");
      return {times * value("CLKOP_DIV"), divisor, times, divisor};
    }
    case Family::xilinx: {
      const std::int64_t times = value("CLKFBOUT_MULT"), divisor = value("DIVCLK_DIVIDE");
      return {times, divisor, times, divisor * value("CLKOUT0_DIVIDE")};
    }
    case Family::gowin: {
      const std::int64_t times = value("FBDIV_SEL") + 1, divisor = value("IDIV_SEL") + 1;
      return {times * value("ODIV_SEL"), divisor, times, divisor};
    }
  }
  return {};
}

struct VcoRange {
  std::int64_t least_mhz, most_mhz;
};

/// Data sheets of iCE40, ECP5 and Artix-7 (speed grade -1); for GW2A the narrowest of those that are published.
VcoRange vco_range(Family family) {
  switch (family) {
    case Family::ice40:
      return {533, 1066};
    case Family::ecp5:
      return {400, 800};
    case Family::xilinx:
      return {800, 1600};
    case Family::gowin:
      break;
  }
  return {500, 1000};
}

}  // namespace

const std::vector<PllSetting>& pll_settings(Family family) {
  static const std::vector<PllSetting> ice40 = {{"DIVR", 0, 15, 4}, {"DIVF", 0, 127, 7}, {"DIVQ", 1, 6, 3}};
  static const std::vector<PllSetting> ecp5 = {{"CLKI_DIV", 1, 128}, {"CLKFB_DIV", 1, 128}, {"CLKOP_DIV", 1, 128}};
  static const std::vector<PllSetting> xilinx = {
      {"DIVCLK_DIVIDE", 1, 56}, {"CLKFBOUT_MULT", 2, 64}, {"CLKOUT0_DIVIDE", 1, 128}};
  static const std::vector<PllSetting> gowin = {{"IDIV_SEL", 0, 63}, {"FBDIV_SEL", 0, 63}, {"ODIV_SEL", 2, 128}};
  switch (family) {
    case Family::ice40:
      return ice40;
    case Family::ecp5:
      return ecp5;
    case Family::xilinx:
      return xilinx;
    case Family::gowin:
      break;
  }
  return gowin;
}

std::int64_t pll_hz(Family family, const std::map<std::string, int>& settings, std::int64_t oscillator_hz,
                    const std::string& origin) {
  const Ratios r = ratios(family, settings);
  const VcoRange range = vco_range(family);
  // Multiplied out, so that a frequency on the edge is judged exactly.
  const std::int64_t vco = oscillator_hz * r.vco;
  if (vco < range.least_mhz * 1'000'000 * r.vco_divisor || vco > range.most_mhz * 1'000'000 * r.vco_divisor) {
    std::string values;
    for (const PllSetting& s : pll_settings(family)) values += fmt::format(" {} {}", s.name, settings.at(s.name));
    throw error(
        "{}:{} with an oscillator of {} Hz: the PLL's own oscillator (VCO) would run at {} Hz; {} to {} MHz is "
        "allowed",
        origin, values, oscillator_hz, vco / r.vco_divisor, range.least_mhz, range.most_mhz);
  }
  return (oscillator_hz * r.output + r.output_divisor / 2) / r.output_divisor;
}

}  // namespace settle
