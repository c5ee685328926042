#include "programs/bench/scaling/drawn_machine.hpp"

#include <algorithm>
#include <map>

#include "base/splitmix.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"

namespace settle {

namespace {

using ensemble::kChains;

constexpr double kTemperature = 1e-4;

/// The last layer of three or more is joined to the first.
int bus_count(const Shape& s) { return s.layers > 2 ? s.layers : s.layers - 1; }

Configuration fitting(const Shape& s) {
  const bool grids = s.side > 1;
  const int taps = grids ? 9 : 1, buses = bus_count(s);
  const int cells = s.layers * s.side * s.side * s.site_cells;
  const int matrices = buses * s.rank * s.site_cells * (1 + taps);
  const int words = (grids ? buses : 2 * buses) * s.rank * s.side * s.side;
  const int fields = s.layers * s.site_cells * (grids ? 1 + s.side * s.side : 2), references = cells;
  const Configuration base = configuration(grids ? "map" : "anchored");
  return with_changes(base,
                      {{"layers", s.layers},
                       {"side", s.side},
                       {"site_cells", s.site_cells},
                       {"cells", cells},
                       {"rank", s.rank},
                       {"coefficients", matrices + fields + references},
                       {"words", words},
                       {"program", std::max(base.program, 8 * s.layers)}},
                      "scaling");
}

}  // namespace

BenchMachine drawn_machine(const Shape& shape, std::uint64_t seed) {
  std::uint64_t drawn = seed << 32;
  const auto within = [&](double bound) {  // -bound .. bound
    return bound * (2.0 * static_cast<double>(mix64(drawn++) >> 11) / 9007199254740992.0 - 1.0);
  };
  const auto matrix = [&](int rows, int columns, double bound) {
    Eigen::MatrixXd made(rows, columns);
    for (Eigen::Index i = 0; i < made.size(); ++i) made.data()[i] = within(bound);
    return made;
  };
  const Configuration made_for = fitting(shape);
  const bool grids = shape.side > 1;
  Machine machine;
  machine.preset = "drawn";
  machine.configuration = made_for.name;
  machine.configuration_hash = made_for.hash_text();
  machine.step = made_for.step();
  machine.kt = kTemperature;
  for (int l = 0; l < shape.layers; ++l) {
    Layer layer;
    layer.name = fmt::format("layer {}", l);
    layer.site_cells = shape.site_cells;
    layer.height = layer.width = shape.side;
    layer.stiffness = Eigen::VectorXd::Ones(shape.site_cells) + matrix(shape.site_cells, 1, 0.125);
    layer.field = matrix(shape.site_cells, 1, 0.5);
    machine.layers.push_back(std::move(layer));
  }
  // A sum over all cells stays below 2, whatever the size; one over all words too.
  const double bound = 2.0 / std::max(shape.site_cells, shape.rank);
  for (int b = 0; b < bus_count(shape); ++b) {
    Bus bus;
    bus.name = fmt::format("bus {}", b);
    bus.source = b;
    bus.target = (b + 1) % shape.layers;
    bus.reciprocal = !grids;
    if (grids) bus.tap_range = {-1, -1, 3, 3};
    bus.source_matrix = matrix(shape.site_cells, shape.rank, bound);
    bus.target_matrix = matrix(shape.site_cells, shape.rank * bus.tap_range.taps(), bound);
    machine.buses.push_back(std::move(bus));
  }
  BenchMachine made;
  made.name = fmt::format("{} layers of {} x {} x {} cells, rank {}", shape.layers, shape.side, shape.side,
                          shape.site_cells, shape.rank);
  made.seed = seed;
  Eigen::VectorXd field(shape.layers * shape.side * shape.side * shape.site_cells);
  Eigen::Index at = 0;
  for (const Layer& layer : machine.layers) {
    field.segment(at, layer.cells()) = layer.field.replicate(layer.sites(), 1);
    at += layer.cells();
  }
  made.fields.assign(kChains, field);
  made.fixed = std::make_shared<const FixedMachine>(std::move(machine), made_for, made.name, -1);
  made.gains = made.fixed->gains(kTemperature);
  return made;
}

}  // namespace settle
