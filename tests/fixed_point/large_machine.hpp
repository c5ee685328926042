// A machine as large as an array can hold: 2^18 cells, and nearly as many bus words.
#pragma once

#include "fixed_point/fixed_point_machine.hpp"

namespace settle_test {

inline constexpr int kLargeSide = 64, kLargeSiteCells = 32, kLargeRank = 63;
inline constexpr int kLargeCells = kLargeSide * kLargeSide * kLargeSiteCells;  ///< of a layer

/// A field of its own for nearly every cell, on a grid on which a quarter of it, the state after a step from 0, is an
/// operand exactly.
inline double large_field(int cell) { return ((cell * 7919) % 8192 - 4096) / 1024.0; }

/// Two layers of 2^17 cells; word m of a site is the state of cell m mod 32 of the second layer's site. A quarter of
/// the first 32 words of a site, in reverse order, acts on the first layer, which has no field.
inline settle::Machine large_machine() {
  settle::Machine m;
  m.preset = "test";
  m.step = 0.25;
  for (const char* name : {"first", "second"}) {
    settle::Layer layer = grid_layer(name, kLargeSiteCells, 1.0, 1.0, 1);
    layer.height = layer.width = kLargeSide;
    layer.field =
        Eigen::VectorXd::NullaryExpr(kLargeCells, [](Eigen::Index i) { return large_field(static_cast<int>(i)); });
    m.layers.push_back(layer);
  }
  m.layers[0].field.setZero();
  Eigen::MatrixXd pick = Eigen::MatrixXd::Zero(kLargeSiteCells, kLargeRank);
  for (int word = 0; word < kLargeRank; ++word) pick(word % kLargeSiteCells, word) = 1;
  Eigen::MatrixXd spread = Eigen::MatrixXd::Zero(kLargeSiteCells, kLargeRank);
  for (int word = 0; word < kLargeSiteCells; ++word) spread(kLargeSiteCells - 1 - word, word) = 0.25;
  m.buses = {{"pick", 1, 0, false, pick, spread}};
  m.decoder = 1;
  return m;
}

}  // namespace settle_test
