// The shipped network as a graph makes the very bits of the one that is written out (network/unet).
#include <doctest/doctest.h>

#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/graph/graph_file.hpp"
#include "network/graph/inference.hpp"
#include "network/unet/unet.hpp"
#include "temporary_folder.hpp"
#include "unet/assets.hpp"

using namespace settle;

namespace {

using settle_test::kAssets;

const Graph& network() {
  static const Graph graph = read_network(kAssets / "unet.network.json").graph;
  return graph;
}

Map as_map(const Image& image) { return image.transpose(); }

}  // namespace

TEST_CASE("every map of the shipped network, at three noise levels") {
  const Unet unet = Unet::load(kAssets / "unet.safetensors");
  const ImageSet images = read_images(kAssets / "mnist-test-512-images-idx3-ubyte");
  for (const double sigma : {0.1, 0.5, 2.0}) {
    for (const std::size_t i : {0U, 7U}) {
      CAPTURE(sigma);
      const Image noisy = settle::noisy(images.image(i), sigma, 1, i);
      const Activations wanted = unet.run(noisy, sigma);
      const Maps maps = run(network(), as_map(noisy), sigma);
      CHECK(maps.at("input") == wanted.input);
      CHECK(maps.at("e1") == wanted.e1);
      CHECK(maps.at("e2") == wanted.e2);
      CHECK(maps.at("e3") == wanted.e3);
      CHECK(maps.at("b") == wanted.b);
      CHECK(maps.at("d3") == wanted.d3);
      CHECK(maps.at("d2") == wanted.d2);
      CHECK(maps.at("d1") == wanted.d1);
      CHECK(maps.at("denoised") == as_map(wanted.output));
    }
  }
}

TEST_CASE("a map that is given replaces what the network would make, and nothing before it is needed") {
  const Unet unet = Unet::load(kAssets / "unet.safetensors");
  const ImageSet images = read_images(kAssets / "mnist-test-512-images-idx3-ubyte");
  const Image noisy = settle::noisy(images.image(3), 0.5, 1, 3);
  const Encoded encoded = unet.encode(noisy, 0.5);
  const Map d3 = unet.decode3(unet.bottleneck(encoded.e3, 0.5), encoded.e3, 0.5) * 0.9F;
  Maps maps = {{"image", as_map(noisy)}, {"e1", encoded.e1}, {"e2", encoded.e2}, {"d3", d3}};
  complete(network(), 0.5, "denoised", maps);
  CHECK(maps.at("denoised") == as_map(unet.decode_from_d3(noisy, encoded, d3, 0.5)));
  CHECK(maps.count("e3") == 0);
  CHECK(maps.count("b") == 0);
}

TEST_CASE("written and read again: the same bits") {
  const settle_test::TemporaryFolder scratch;
  const auto path = write_network(scratch.path(), network());
  CHECK(path == scratch / "unet.network.json");
  const NetworkFile again = read_network(path);
  CHECK(again.weights == scratch / "unet.safetensors");
  CHECK(parameters(again.graph) == parameters(network()));
  const Map image = Map::Random(1, 784);
  const Maps a = run(network(), image, 0.7), b = run(again.graph, image, 0.7);
  REQUIRE(a.size() == b.size());
  for (const auto& [name, map] : a) CHECK(b.at(name) == map);
}

TEST_CASE("a noise level that is not the network's") {
  Maps maps = {{"image", Map::Zero(1, 784)}};
  CHECK_THROWS_WITH(complete(network(), 100, "denoised", maps), "network: sigma is 100, 0.02 to 80 is allowed");
}
