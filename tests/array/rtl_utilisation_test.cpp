// How busy the multipliers are in a step: products that the machine asks for, over lanes times the cycles that the
// hardware counts.
#include <doctest/doctest.h>

#include "array/model/layer_descriptor.hpp"
#include "array/model/operation.hpp"
#include "device/device.hpp"
#include "sim/rtl_device.hpp"

namespace {

using namespace settle;
using registers::Memory;
using Code = registers::Operation;

constexpr int kSide = 7, kCells = 64, kRank = 16, kLanes = 16, kSteps = 20;
constexpr int kGroups = kCells / kLanes, kSites = kSide * kSide;

/// A one-way 3 x 3 bus of rank 16 from the first to the second of two layers of 7 x 7 sites of 64 cells.
void load_map(Device& device) {
  std::uint32_t word = 0;
  for (int layer = 0; layer < 2; ++layer) {
    for (const std::uint32_t part : encode(LayerDescriptor{layer * kSites * kCells, kCells, kSide, kSide, 0, kCells})) {
      device.write(address(Memory::layer, word++), part);
    }
  }
  word = 0;
  Operation bus{Code::bus, true, 0, 1, kRank, 4096, 0};
  bus.tap_range = {-1, -1, 3, 3};
  for (const Operation& o :
       {Operation{Code::project, false, 0, 0, kRank, 1024, 0}, Operation{Code::barrier},
        Operation{Code::layer, false, 0, 0, 0, 0, 0}, Operation{Code::stiffness, true, 0, 0, 0, 64, 0},
        Operation{Code::layer, false, 0, 1, 0, 128, 0}, Operation{Code::stiffness, false, 0, 1, 0, 192, 0}, bus,
        Operation{Code::end}}) {
    for (const std::uint32_t part : encode(o)) device.write(address(Memory::program, word++), part);
  }
}

double utilisation(Device& device, bool window) {
  device.write(address(Memory::segment, 0), kSteps);
  device.write(address(Memory::segment, 1), window ? 1 : 0);
  device.write(registers::segments, 1);
  device.write(registers::control, registers::kControlStart | registers::kControlZero | registers::kControlClear);
  while ((device.read(registers::status) & registers::kStatusBusy) != 0) {
  }
  // A group's product is a slot: noise and stiffness, with a window the square, for every cell; the words; the taps.
  constexpr int kTaps = (3 * kSide - 2) * (3 * kSide - 2);  // over all sites, those inside the grid
  const int slots = 2 * kSites * kGroups * (window ? 3 : 2) + kSites * kRank * kGroups + kTaps * kRank * kGroups;
  const double cycles = static_cast<double>(device.read(registers::cycles_lo)) / kSteps;
  MESSAGE("map: ", cycles, " cycles per step, ", slots, " of them with products");
  return slots / cycles;
}

}  // namespace

TEST_CASE("RTL: multipliers are busy where a feature map settles, taps outside the grid cost nothing") {
  const auto device = make_rtl_device("map");
  load_map(*device);
  CHECK(utilisation(*device, false) > 0.9);
  CHECK(utilisation(*device, true) > 0.9);
}
