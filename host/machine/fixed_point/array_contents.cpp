#include "machine/fixed_point/array_contents.hpp"

#include <utility>

#include "base/error.hpp"
#include "machine/fixed_point/bound.hpp"
#include "machine/fixed_point/coefficient_memory.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/fixed_point/force_bound.hpp"
#include "machine/fixed_point/step_program.hpp"

namespace settle {

namespace {

void check_layer_bounds(const Layer& layer, int cells_before, const Configuration& c, const std::string& name,
                        const std::string& what) {
  check_bound(c, name, what + ".site_cells", layer.site_cells, "site_cells", c.site_cells);
  check_bound(c, name, what + ".height", layer.height, "side", c.side);
  check_bound(c, name, what + ".width", layer.width, "side", c.side);
  check_bound(c, name, "cells", cells_before + layer.cells(), "cells", c.cells);
  if (layer.site_cells % c.lanes != 0) {
    throw error("{}: {}.site_cells: {} is not a multiple of the configuration's {} lanes", name, what, layer.site_cells,
                c.lanes);
  }
}

/// The words of the layer's force table, one per piece.
std::vector<std::uint32_t> table_words(const Layer& layer, const Configuration& c, const CoefficientMemory& memory,
                                       const std::string& name, const std::string& what) {
  if (layer.force.empty()) return {};
  const auto pieces = static_cast<std::size_t>(c.table_pieces());
  if (layer.force.size() != pieces + 1) {
    throw error("{}: {}.force: {} knots, configuration {} has tables of {}", name, what, layer.force.size(), c.name,
                pieces == 0 ? 0 : pieces + 1);
  }
  std::vector<std::uint32_t> words;
  for (std::size_t p = 0; p < pieces; ++p) {
    const std::string at = fmt::format("{}.force[{}]", what, p);
    const std::int16_t left = memory.coefficient(layer.force[p] / layer.scale, at);
    // The rise between rounded knots, so that the table stays continuous.
    const Format& f = c.coefficient;
    const double right =
        to_fixed(layer.force[p + 1] / layer.scale, f, fmt::format("{}: {} right end", name, at)) * f.unit();
    const std::int16_t rise = memory.coefficient(right - left * f.unit(), at + " rise");
    words.push_back(in_place(registers::kTableLeft, left) | in_place(registers::kTableRise, rise));
  }
  return words;
}

/// The layer whose first cell is `first`; its field and its trace reference go into `memory`.
LayerContents layer_contents(const Layer& layer, int first, const Configuration& c, CoefficientMemory& memory,
                             const std::string& name, const std::string& what) {
  check_layer_bounds(layer, first, c, name, what);
  LayerContents out;
  out.first = first;
  out.site_cells = layer.site_cells;
  out.height = layer.height;
  out.width = layer.width;
  while ((1 << out.columns_log2) < layer.columns) ++out.columns_log2;
  out.rows = layer.site_cells / layer.columns;
  out.scale = layer.scale;
  out.table = table_words(layer, c, memory, name, what);
  // A layer that stands for a map is conditioned, or compared, site by site.
  out.per_site_field = layer.sites() > 1 && (layer.field.size() == layer.cells() || !layer.map.empty());
  out.field = memory.add_row(
      out.per_site_field ? layer.cells() : layer.site_cells,
      [&](int i) { return layer.field(i % layer.field.size()) / layer.scale; }, what + ".field");
  out.reference = memory.add_row(
      layer.cells(), [](int) { return 0.0; }, what + ".reference");
  return out;
}

}  // namespace

ArrayContents array_contents(const Machine& machine, const Configuration& c, const std::string& name, int traced) {
  if (machine.step != c.step()) {
    throw error("{}: step: {} is not configuration {}'s {}", name, machine.step, c.name, c.step());
  }
  check_bound(c, name, "layers", static_cast<std::int64_t>(machine.layers.size()), "layers", c.layers);
  CoefficientMemory memory(c, name);
  ArrayContents contents;
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Layer& layer = machine.layers[l];
    contents.layers.push_back(layer_contents(layer, contents.cells, c, memory, name, fmt::format("layers[{}]", l)));
    for (int i = 0; i < layer.cells(); ++i) {
      contents.clamp.push_back(layer.clamp.empty() ? std::uint8_t{0} : layer.clamp[static_cast<std::size_t>(i)]);
    }
    contents.cells += layer.cells();
  }
  StepProgram program = step_program(machine, c, name, contents.layers, traced, memory);
  check_force_bound(program, contents.layers, memory.words(), c, name);
  contents.coefficients = memory.words();
  contents.program = std::move(program.operations);
  contents.words = program.words;
  contents.products = program.products;
  return contents;
}

}  // namespace settle
