#include "machine/fixed_point/array_memories.hpp"

#include <algorithm>
#include <cstddef>

#include "base/bit_field.hpp"
#include "generated/registers.hpp"

namespace settle {

ArrayMemories array_memories(const ArrayContents& contents, const Configuration& configuration) {
  ArrayMemories memories = ArrayModel(configuration).memories();
  std::copy(contents.coefficients.begin(), contents.coefficients.end(), memories.coefficients.begin());
  std::copy(contents.program.begin(), contents.program.end(), memories.program.begin());
  std::copy(contents.layers.begin(), contents.layers.end(), memories.layers.begin());
  std::copy(contents.clamp.begin(), contents.clamp.end(), memories.clamp.begin());
  const auto pieces = static_cast<std::size_t>(configuration.table_pieces());
  for (std::size_t l = 0; l < contents.layers.size(); ++l) {
    const std::vector<std::uint32_t>& table = contents.layers[l].table;
    for (std::size_t p = 0; p < table.size(); ++p) {
      memories.table[l * pieces + p] = {static_cast<std::int16_t>(value_of(registers::kTableLeft, table[p])),
                                        static_cast<std::int16_t>(value_of(registers::kTableRise, table[p]))};
    }
  }
  return memories;
}

void put_fields(const std::vector<std::int16_t>& fields, const ArrayContents& contents, ArrayMemories& memories) {
  for (const LayerContents& layer : contents.layers) {
    const int count = layer.per_site_field ? layer.cells() : layer.site_cells;
    std::copy_n(fields.begin() + layer.first, count, memories.coefficients.begin() + layer.field);
  }
}

}  // namespace settle
