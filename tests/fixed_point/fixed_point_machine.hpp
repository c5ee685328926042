// A machine with everything that configuration `tiny` has, its numbers on the fixed-point grid: what differs between
// the array and exact arithmetic is then the rounding of states and bus words alone.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <Eigen/Core>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "machine/machine.hpp"

namespace settle_test {

inline Eigen::MatrixXd grid_matrix(Eigen::Index rows, Eigen::Index columns, double size, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] {
    const double uniform = static_cast<double>(engine() >> 11) * 0x1p-53;  // in [0, 1)
    return std::floor(size * (2 * uniform - 1) * 4096) / 4096;
  });
}

inline settle::Layer grid_layer(const char* name, int cells, double stiffness, double scale, std::uint64_t seed) {
  settle::Layer layer;
  layer.name = name;
  layer.site_cells = cells;
  layer.scale = scale;
  layer.stiffness = Eigen::VectorXd::Constant(cells, stiffness) + grid_matrix(cells, 1, 0.25, seed);
  layer.field = scale * grid_matrix(cells, 1, 2.0, seed + 1);
  return layer;
}

/// 8 cells in a ring (scale 1) and 16 on a 4 x 4 torus (scale 1/2); a reciprocal bus of rank 3, a one-way bus of rank 2
/// from the torus to the ring, a self-bus of rank 2 on the torus. Linear, stable at e = 1/4.
inline settle::Machine fixed_point_machine() {
  settle::Machine m;
  m.preset = "test";
  m.configuration = "tiny";
  m.step = 0.25;
  m.layers = {grid_layer("ring", 8, 2.0, 1.0, 10), grid_layer("torus", 16, 2.5, 0.5, 20)};
  m.layers[0].neighbours = {{1, 0, grid_matrix(8, 1, 0.25, 30)}};
  m.layers[1].columns = 4;
  m.layers[1].neighbours = {{0, 1, grid_matrix(16, 1, 0.125, 31)}, {1, 3, grid_matrix(16, 1, 0.125, 32)}};
  const Eigen::MatrixXd self = grid_matrix(16, 2, 0.25, 40);
  m.buses = {{"pair", 0, 1, true, grid_matrix(8, 3, 0.25, 41), grid_matrix(16, 3, 0.25, 42)},
             {"one-way", 1, 0, false, grid_matrix(16, 2, 0.25, 43), grid_matrix(8, 2, 0.25, 44)},
             {"own", 1, 1, true, self, self}};
  m.decoder = 1;
  m.fit_mean = Eigen::VectorXd::Zero(16);
  return m;
}

/// The same with a force table on the torus, g = x^3 / 8 through its knots, and two cells held.
inline settle::Machine table_machine() {
  settle::Machine m = fixed_point_machine();
  const int pieces = settle::configuration("tiny").table_pieces();
  for (int s = 0; s <= pieces; ++s) {
    const double x = 4.0 * (2.0 * s / pieces - 1.0);  // the torus' range: half of 8
    m.layers[1].force.push_back(std::round(x * x * x / 32 * 8192) / 8192);
  }
  m.layers[0].clamp.assign(8, 0);
  m.layers[0].clamp[3] = 1;
  m.layers[1].clamp.assign(16, 0);
  m.layers[1].clamp[9] = 1;
  return m;
}

/// Two layers of sites, 3 x 3 and the grid that `coarse` says (3 x 3 or 2 x 2), joined by a bus with 3 x 3 taps from
/// layer `source` to the other, and by a one-way bus with an odd window the other way. Linear, stable at e = 1/4.
inline settle::Machine map_machine(bool coarse, int source, bool reciprocal) {
  settle::Machine m;
  m.preset = "test";
  m.configuration = "tiny";
  m.step = 0.25;
  m.layers = {grid_layer("fine", 12, 2.0, 1.0, 10), grid_layer("other", 12, 2.5, 0.5, 20)};
  m.layers[0].height = m.layers[0].width = 3;
  m.layers[1].height = m.layers[1].width = coarse ? 2 : 3;
  m.layers[1].field = 0.5 * grid_matrix(m.layers[1].cells(), 1, 2.0, 21);  // one per cell
  m.buses = {
      {"taps",
       source,
       1 - source,
       reciprocal,
       grid_matrix(12, 3, 0.1, 41),
       grid_matrix(12, 27, 0.1, 42),
       {-1, -1, 3, 3}},
      {"back", 1 - source, source, false, grid_matrix(12, 2, 0.1, 43), grid_matrix(12, 4, 0.1, 44), {0, -1, 1, 2}}};
  m.decoder = 1;
  m.fit_mean = Eigen::VectorXd::Zero(m.layers[1].cells());
  return m;
}

}  // namespace settle_test
