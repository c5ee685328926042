#include "contract/configuration/configuration.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {

namespace {

bool power_of_two(int value) { return value > 0 && (value & (value - 1)) == 0; }

}  // namespace

void check(const Configuration& c, const std::string& origin) {
  const auto refuse = [&](const std::string& why) -> Error {
    return error("{}: configuration {}: {}", origin, c.name, why);
  };
  if (!power_of_two(c.lanes)) throw refuse(fmt::format("lanes {} is not a power of two", c.lanes));
  if (c.site_cells % c.lanes != 0 || c.cells % c.lanes != 0) {
    throw refuse(fmt::format("lanes {} does not divide site_cells {} and cells {}", c.lanes, c.site_cells, c.cells));
  }
  if (c.site_cells > c.cells) throw refuse("site_cells is larger than cells");
  if (!power_of_two(c.noise_lanes) || (c.lanes > c.noise_lanes && c.lanes % c.noise_lanes != 0)) {
    throw refuse(fmt::format("noise_lanes {} is not a power of two that divides lanes {}", c.noise_lanes, c.lanes));
  }
  if (c.noise_rounds % c.noise_rounds_per_cycle != 0)
    throw refuse("noise_rounds_per_cycle does not divide noise_rounds");
  if (c.word_gain_bits != 0 && c.word_gain_bits != 4) throw refuse("word_gain_bits is neither 0 nor 4");
  if (c.state.width - c.state.fraction != c.operand.width - c.operand.fraction ||
      c.state.fraction <= c.operand.fraction) {
    throw refuse("operand must be the upper part of the state: as many integer bits, fewer fraction bits");
  }
  if (c.word.fraction > c.operand.fraction || c.word.width - c.word.fraction > c.operand.width - c.operand.fraction) {
    throw refuse("word does not fit the operand format");
  }
  if (c.state.fraction >= c.accumulator_fraction()) throw refuse("state_fraction must be below that of a product");
  // A piece must not be wider than 1, nor be a single operand or half the range.
  const int fewest = std::max(2, c.operand.width - c.operand.fraction), most = c.operand.width - 1;
  if (c.table_bits != 0 && (c.table_bits < fewest || c.table_bits > most)) {
    throw refuse(fmt::format("table_bits {}: 0 or {} to {} is needed for operands of {} bits, {} after the point",
                             c.table_bits, fewest, most, c.operand.width, c.operand.fraction));
  }
  // Terms of full size that a force sum must hold: self-bus and bus of the largest rank, neighbours, and what is left.
  const int product_bits = c.coefficient.width + c.operand.width - 1;
  const std::int64_t terms = 2 * c.rank + 16;
  const std::int64_t largest = std::int64_t{1} << (c.accumulator_width - 1);
  const std::int64_t products = terms << (product_bits - 1);
  if (products > largest) {
    throw refuse(fmt::format("accumulator_width {} cannot hold {} products", c.accumulator_width, terms));
  }
  // The state is part of the sum, so that one rounding does for both.
  const int state_bits = c.state.width - 1 + c.rounded_bits();
  if (state_bits >= c.accumulator_width || products + (std::int64_t{1} << state_bits) > largest) {
    throw refuse(fmt::format("accumulator_width {} cannot hold {} products and a state at step_shift {}",
                             c.accumulator_width, terms, c.step_shift));
  }
}

std::vector<std::pair<std::string, int>> field_values(const Configuration& configuration) {
  Configuration copy = configuration;
  std::vector<std::pair<std::string, int>> all;
  for (const NamedValue& f : named_values(copy)) all.emplace_back(f.name, *f.value);
  return all;
}

std::uint64_t Configuration::hash() const {
  std::string canonical;
  for (const NumberField& f : kNumberFields) {
    if (f.decides_bits) canonical += fmt::format("{}={};", f.name, this->*f.value);
  }
  for (const FormatField& f : kFormatFields) canonical += fmt::format("{}={};", f.name, (this->*f.format).*f.value);
  for (const NumberField& f : kFormatNumbers) canonical += fmt::format("{}={};", f.name, this->*f.value);
  return fnv1a64(canonical);
}

std::string Configuration::hash_text() const { return fmt::format("{:016x}", hash()); }

}  // namespace settle
