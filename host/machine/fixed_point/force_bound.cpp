#include "machine/fixed_point/force_bound.hpp"

#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"

namespace settle {

namespace {

using Code = registers::Operation;

/// The largest sum that cell `cell` of a site could reach. `cells`: of a site; `operand`: the largest operand.
std::int64_t largest_force(const std::vector<Operation>& update, int cell, int cells, std::int64_t operand,
                           const std::vector<std::int16_t>& coefficients) {
  std::int64_t sum = 2 * (std::int64_t{1} << 30);  // any field and any noise
  for (const Operation& o : update) {
    if (o.code == Code::layer || o.code == Code::table) {
      sum += std::int64_t{1} << 31;
      continue;
    }
    const std::int64_t terms = o.code == Code::bus ? o.count * o.tap_range.taps() : 1;
    for (std::int64_t m = 0; m < terms; ++m) {
      const std::int64_t at = o.coefficient + m * cells + cell;
      sum += operand * std::abs(coefficients[static_cast<std::size_t>(at)]);
    }
  }
  return sum;
}

}  // namespace

void check_force_bound(const StepProgram& program, const std::vector<LayerContents>& layers,
                       const std::vector<std::int16_t>& coefficients, const Configuration& c, const std::string& name) {
  const std::int64_t most = std::int64_t{1} << (c.accumulator_width - 1);
  const std::int64_t state = std::int64_t{1} << (c.state.width - 1 + c.rounded_bits());
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const int cells = layers[l].site_cells;
    for (int i = 0; i < cells; ++i) {
      const std::int64_t sum = state + largest_force(program.updates[l], i, cells, -c.operand.lowest(), coefficients);
      if (sum >= most) {
        throw error("{}: layers[{}] cell {}: its state and force could reach {} of the accumulator's {}", name, l, i,
                    sum, most);
      }
    }
  }
}

}  // namespace settle
