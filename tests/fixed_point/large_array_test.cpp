// An array as large as one can be, 2^18 cells and nearly as many bus words: every cell's place in every memory, through
// the device's addresses, against states that are known without an array.
#include <cstdint>
#include <memory>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "device/driver/loaded_array.hpp"
#include "device/model_device.hpp"
#include "fixed_point/large_machine.hpp"
#include "machine/fixed_point/fitting_configuration.hpp"

using namespace settle;
using namespace settle_test;

TEST_CASE("in the largest array every cell has its field, its sums and its words") {
  const Machine machine = large_machine();
  const Configuration c = fitting_configuration(machine, configuration("tiny"), "large");
  CHECK(c.cells == 1 << 18);
  CHECK(c.words == kLargeSide * kLargeSide * kLargeRank);
  LoadedArray array(std::make_unique<ModelDevice>(c), std::make_shared<const FixedMachine>(machine, c, "large", 1));
  array.set_schedule({{1, false}, {1, true}}, 0);
  array.run({true, true}, nullptr);
  int wrong = 0;
  const Eigen::VectorXd sums = array.sums(1), squares = array.squares(1);
  REQUIRE(sums.size() == kLargeCells);
  for (int i = 0; i < kLargeCells; ++i) {
    const double x = large_field(i) / 4;
    wrong += sums[i] != x || squares[i] != x * x;
  }
  CHECK(wrong == 0);
  CHECK(array.sums(0).isZero(0));
  const Eigen::VectorXd states = array.states();
  for (int i = 0; i < kLargeCells; ++i) {
    const int mirrored = i / kLargeSiteCells * kLargeSiteCells + kLargeSiteCells - 1 - i % kLargeSiteCells;
    wrong += states[i] != -large_field(mirrored) / 64;
  }
  CHECK(wrong == 0);
  for (int word = 0; word < c.words; ++word) {
    const double x = large_field(word / kLargeRank * kLargeSiteCells + word % kLargeRank % kLargeSiteCells) / 4;
    const auto found = static_cast<std::int32_t>(
        array.device().read(address(registers::Memory::word, static_cast<std::size_t>(word))));
    wrong += found != static_cast<std::int32_t>(x * 4096);
  }
  CHECK(wrong == 0);
}
