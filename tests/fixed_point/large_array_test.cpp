// An array as large as one can be, 2^18 cells and nearly as many bus words: every cell's place in every memory, through
// the device's addresses, against states that are known without an array.
#include <cstdint>
#include <memory>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "device/driver/loaded_array.hpp"
#include "device/model_device.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "machine/fixed_point/fitting_configuration.hpp"

using namespace settle;
using namespace settle_test;

namespace {

constexpr int kSide = 64, kSiteCells = 32, kRank = 63, kCells = kSide * kSide * kSiteCells;

/// A field of its own for nearly every cell, on a grid on which a quarter of it, the state after a step from 0, is an
/// operand exactly.
double field_of(int cell) { return ((cell * 7919) % 8192 - 4096) / 1024.0; }

/// Two layers of 2^17 cells; word m of a site is the state of cell m mod 32 of the second layer's site.
Machine large_machine() {
  Machine m;
  m.preset = "test";
  m.step = 0.25;
  for (const char* name : {"first", "second"}) {
    Layer layer = grid_layer(name, kSiteCells, 1.0, 1.0, 1);
    layer.height = layer.width = kSide;
    layer.field = Eigen::VectorXd::NullaryExpr(kCells, [](Eigen::Index i) { return field_of(static_cast<int>(i)); });
    m.layers.push_back(layer);
  }
  m.layers[0].field.setZero();
  Eigen::MatrixXd pick = Eigen::MatrixXd::Zero(kSiteCells, kRank);
  for (int word = 0; word < kRank; ++word) pick(word % kSiteCells, word) = 1;
  m.buses = {{"pick", 1, 0, false, pick, Eigen::MatrixXd::Zero(kSiteCells, kRank)}};
  m.decoder = 1;
  return m;
}

}  // namespace

TEST_CASE("in the largest array every cell has its field, its sums and its words") {
  const Machine machine = large_machine();
  const Configuration c = fitting_configuration(machine, configuration("tiny"), "large");
  CHECK(c.cells == 1 << 18);
  CHECK(c.words == kSide * kSide * kRank);
  LoadedArray array(std::make_unique<ModelDevice>(c), std::make_shared<const FixedMachine>(machine, c, "large", 1));
  array.set_schedule({{1, false}, {1, true}}, 0);
  array.run({true, true}, nullptr);
  int wrong = 0;
  const Eigen::VectorXd sums = array.sums(1), squares = array.squares(1);
  REQUIRE(sums.size() == kCells);
  for (int i = 0; i < kCells; ++i) {
    const double x = field_of(i) / 4;
    wrong += sums[i] != x || squares[i] != x * x;
  }
  CHECK(wrong == 0);
  CHECK(array.sums(0).isZero(0));
  for (int word = 0; word < c.words; ++word) {
    const double x = field_of(word / kRank * kSiteCells + word % kRank % kSiteCells) / 4;
    const auto found = static_cast<std::int32_t>(
        array.device().read(address(registers::Memory::word, static_cast<std::size_t>(word))));
    wrong += found != static_cast<std::int32_t>(x * 4096);
  }
  CHECK(wrong == 0);
}
