// Machines small enough to check by hand or by brute force.
#pragma once

#include <cstdint>
#include <random>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle_test {

inline Eigen::MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns, double size, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-size, size);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return uniform(engine); });
}

inline settle::Layer layer(const char* name, int cells, double stiffness) {
  settle::Layer result;
  result.name = name;
  result.site_cells = cells;
  result.scale = 0.125;
  result.stiffness = Eigen::VectorXd::Constant(cells, stiffness);
  result.field = Eigen::VectorXd::Zero(cells);
  return result;
}

/// Every feature of the file: two layers (6 cells in a ring, 8 in a torus), a reciprocal bus, a self-bus, neighbours, a
/// force table, a clamp mask, an interface from 5 values. Positive definite and stable at e = 1/4.
inline settle::Machine small_machine() {
  settle::Machine m;
  m.preset = "test";
  m.configuration = "tiny";
  m.configuration_hash = "0123456789abcdef";
  m.kt = 0.1 + 0.2;
  m.settle_steps = 10;
  m.window_steps = 20;
  m.layers = {layer("first", 6, 2.0), layer("second", 8, 1.5)};
  m.layers[0].field = random_matrix(6, 1, 1.0, 1);
  m.layers[0].map = "e3";
  m.layers[0].held = true;
  m.layers[0].unit = random_matrix(6, 1, 0.25, 14).array() + 0.5;
  m.layers[0].noise_level = random_matrix(6, 3, 1.0, 15);
  m.layers[0].neighbours = {{1, 0, random_matrix(6, 1, 0.2, 2)}};
  m.layers[1].columns = 4;
  m.layers[1].neighbours = {{0, 1, random_matrix(8, 1, 0.1, 3)}, {1, 1, random_matrix(8, 1, 0.1, 4)}};
  m.layers[1].force = {-0.5, -0.1, 0.0, 0.1, 0.5};
  m.layers[1].clamp = {0, 0, 0, 1, 0, 0, 0, 0};
  const Eigen::MatrixXd self = random_matrix(8, 2, 0.3, 5);
  m.buses = {{"pair", 0, 1, true, random_matrix(6, 3, 0.3, 6), random_matrix(8, 3, 0.3, 7)},
             {"own", 1, 1, true, self, self}};
  m.interface.source = "b";
  m.interface.target = 1;
  m.interface.down = random_matrix(2, 5, 1.0, 8);
  m.interface.up = random_matrix(5, 2, 1.0, 9);
  m.interface.in = random_matrix(3, 5, 1.0, 10);
  m.interface.out = random_matrix(8, 3, 1.0, 11);
  m.interface.mean_field = random_matrix(8, 1, 1.0, 12);
  m.encoder = 0;
  m.decoder = 1;
  m.fit_mean = random_matrix(8, 1, 1.0, 13);
  m.fit_mean[0] = -0.0;
  m.fit_seed = 0xffffffffffffffffULL;
  m.fit_images = 100;
  m.unet_hash = "a \"name\"";
  return m;
}

/// The same without table and clamp: linear, every cell free.
inline settle::Machine linear_machine() {
  settle::Machine m = small_machine();
  m.layers[1].force.clear();
  m.layers[1].clamp.clear();
  return m;
}

}  // namespace settle_test
