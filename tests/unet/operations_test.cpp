#include "network/unet/operations.hpp"

#include <doctest/doctest.h>

using namespace settle;

TEST_CASE("operations of a pass, from the shapes in the network's own picture") {
  // Sites * inputs * outputs of 3x3 kernels, written out by hand: 28 x 28, 14 x 14, 7 x 7, 4 x 4.
  const double macs = 9.0 * (784 * 1 * 16 + 196 * 16 * 32 + 49 * 32 * 64 + 16 * 64 * 64 + 49 * 128 * 64 +
                             196 * 96 * 32 + 784 * 48 * 16 + 784 * 16 * 1);
  CHECK(unet_operations() == 2 * macs);
  CHECK(unet_operations(Convolution::d3) == 2 * 9.0 * 49 * 128 * 64);
  CHECK(unet_operations(Convolution::out) == 2 * 9.0 * 784 * 16);
}
