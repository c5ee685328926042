#include "network/graph/queries.hpp"

#include <doctest/doctest.h>

#include "network/graph/graph_file.hpp"
#include "unet/assets.hpp"

using namespace settle;

TEST_CASE("operations of the shipped network, layer by layer") {
  const Graph network = read_network(settle_test::kAssets / "unet.network.json").graph;
  const auto of = [&](const char* map) { return operations(network, convolution_behind(network, map)); };
  CHECK(of("e1") == 2.0 * 9 * 784 * 1 * 16);
  CHECK(of("b") == 2.0 * 9 * 16 * 64 * 64);
  CHECK(of("d3") == 2.0 * 9 * 49 * 128 * 64);
  CHECK(of("d2") == 2.0 * 9 * 196 * 96 * 32);
  CHECK(of("d1") == 2.0 * 9 * 784 * 48 * 16);
  CHECK(of("out") == 2.0 * 9 * 784 * 16);
  double sum = 0;
  for (const char* map : {"e1", "e2", "e3", "b", "d3", "d2", "d1", "out"}) sum += of(map);
  CHECK(operations(network) == sum);
  CHECK(operations(network, needed(network, "denoised", {"d3", "e1", "e2", "image.part"})) ==
        of("d2") + of("d1") + of("out"));
}
