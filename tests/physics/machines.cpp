#include "physics/machines.hpp"

#include <cmath>

#include "base/splitmix.hpp"

namespace settle::physics {

namespace {

constexpr double kGrid = 4096;

Layer layer(const char* name, int cells, double stiffness, std::uint64_t seed) {
  Layer out;
  out.name = name;
  out.site_cells = cells;
  out.stiffness = Eigen::VectorXd::Constant(cells, stiffness) + on_grid(cells, 1, 0.5, seed);
  out.field = on_grid(cells, 1, 1.0, seed + 1);
  return out;
}

Machine machine_of(std::vector<Layer> layers, double step) {
  Machine m;
  m.preset = "physics";
  m.configuration = "tiny";
  m.step = step;
  m.layers = std::move(layers);
  m.decoder = static_cast<int>(m.layers.size()) - 1;
  m.fit_mean = Eigen::VectorXd::Zero(m.layers.back().cells());
  return m;
}

Machine ring(double step) {
  Machine m = machine_of({layer("ring", 16, 2.0, 11)}, step);
  m.layers[0].neighbours = {{1, 0, on_grid(16, 1, 0.5, 13)}, {2, 0, on_grid(16, 1, 0.25, 14)}};
  return m;
}

Machine torus(double step) {
  Machine m = machine_of({layer("torus", 16, 2.0, 21)}, step);
  m.layers[0].columns = 4;
  m.layers[0].neighbours = {{0, 1, on_grid(16, 1, 0.5, 23)}, {1, 0, on_grid(16, 1, 0.5, 24)}};
  return m;
}

Machine pair(double step, bool reciprocal) {
  Machine m = machine_of({layer("a", 8, 2.0, 31), layer("b", 12, 1.5, 33)}, step);
  const double size = reciprocal ? 0.35 : 0.6;
  m.buses = {{"a-b", 0, 1, reciprocal, on_grid(8, 3, size, 35), on_grid(12, 3, size, 36), {}}};
  return m;
}

Machine self_bus(double step) {
  Machine m = machine_of({layer("self", 16, 1.0, 41)}, step);
  const Eigen::MatrixXd p = on_grid(16, 4, 0.5, 43);
  m.buses = {{"own", 0, 0, true, p, p, {}}};
  return m;
}

/// 3 x 3 sites and 2 x 2, a reciprocal bus with 3 x 3 taps between the two resolutions.
Machine taps(double step) {
  Machine m = machine_of({layer("fine", 4, 2.0, 51), layer("coarse", 4, 1.5, 53)}, step);
  m.layers[0].height = m.layers[0].width = 3;
  m.layers[1].height = m.layers[1].width = 2;
  m.buses = {{"taps", 1, 0, true, on_grid(4, 2, 0.4, 55), on_grid(4, 18, 0.25, 56), {-1, -1, 3, 3}}};
  return m;
}

}  // namespace

Eigen::MatrixXd on_grid(Eigen::Index rows, Eigen::Index columns, double size, std::uint64_t seed) {
  SplitMix64 bits(seed);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] {
    const double uniform = static_cast<double>(bits.next() >> 11) * 0x1p-53;
    return std::floor(size * (2 * uniform - 1) * kGrid) / kGrid;
  });
}

Machine single_cells(int site_cells, int side, double stiffness, double field, const std::vector<double>& knots,
                     double step) {
  Layer cells;
  cells.name = "cells";
  cells.site_cells = site_cells;
  cells.height = cells.width = side;
  cells.stiffness = Eigen::VectorXd::Constant(site_cells, stiffness);
  cells.field = Eigen::VectorXd::Constant(site_cells, field);
  cells.force = knots;
  return machine_of({cells}, step);
}

std::vector<NamedMachine> linear_machines(double step) {
  return {{"single cells", machine_of({layer("cells", 4, 1.5, 1)}, step)},
          {"ring", ring(step)},
          {"torus", torus(step)},
          {"two modules, reciprocal bus", pair(step, true)},
          {"self-bus", self_bus(step)},
          {"one-way bus", pair(step, false), false},
          {"3 x 3 grid with taps", taps(step)}};
}

}  // namespace settle::physics
