#include "machine/fixed_point/fitting_configuration.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "contract/configuration/fields.hpp"
#include "machine/fixed_point/array_contents.hpp"

namespace settle {

namespace {

using Code = registers::Operation;

/// What a machine decides; each is used up to the value that fitting_configuration finds.
constexpr int Configuration::*kFittedBounds[] = {
    &Configuration::layers, &Configuration::side,    &Configuration::site_cells,
    &Configuration::cells,  &Configuration::rank,    &Configuration::coefficients,
    &Configuration::words,  &Configuration::program, &Configuration::neighbours,
};

/// `base` with every bound that a machine decides at `end` of its range, and one lane.
Configuration at_end(const Configuration& base, int NumberField::*end) {
  Configuration c = base;
  for (const NumberField& f : kNumberFields) {
    const bool fitted =
        std::find(std::begin(kFittedBounds), std::end(kFittedBounds), f.value) != std::end(kFittedBounds);
    if (fitted) c.*f.value = f.*end;
  }
  c.lanes = 1;
  return c;
}

void raise(int& bound, int needed) { bound = std::max(bound, needed); }

int most_lanes(const ArrayContents& contents) {
  int lanes = kMostFittingLanes;
  for (const LayerContents& layer : contents.layers) {
    while (layer.site_cells % lanes != 0) lanes /= 2;
  }
  return lanes;
}

}  // namespace

Configuration fitting_configuration(const Machine& machine, const Configuration& base, const std::string& name) {
  Configuration largest = at_end(base, &NumberField::highest);
  largest.name = base.name + " at its largest";  // what an error says of the bound that is exceeded
  const ArrayContents contents = array_contents(machine, largest, name, machine.decoder);

  Configuration c = at_end(base, &NumberField::lowest);
  raise(c.layers, static_cast<int>(contents.layers.size()));
  raise(c.cells, contents.cells);
  raise(c.coefficients, static_cast<int>(contents.coefficients.size()));
  raise(c.words, contents.words);
  raise(c.program, static_cast<int>(contents.program.size()));
  for (const LayerContents& layer : contents.layers) {
    raise(c.side, std::max(layer.height, layer.width));
    raise(c.site_cells, layer.site_cells);
  }
  for (const Operation& o : contents.program) {
    if (o.code == Code::neighbour) c.neighbours = 1;
    if (o.code != Code::project && o.code != Code::bus) continue;
    raise(c.rank, o.count);
    if (!(o.tap_range == TapRange{})) raise(c.side, 2);  // an array of side 1 has no taps, not even on single sites
  }
  c.lanes = most_lanes(contents);
  c.noise_lanes = std::min(base.noise_lanes, c.lanes);
  check(c, name);
  return c;
}

}  // namespace settle
