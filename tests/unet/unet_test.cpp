// The shipped network, as training left it.
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "error_message.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/graph/graph_file.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"
#include "network/layers/safetensors.hpp"
#include "network/train/reference_file.hpp"
#include "temporary_folder.hpp"
#include "unet/assets.hpp"

using namespace settle;
using settle_test::check_fails;
using settle_test::kAssets;
using settle_test::TemporaryFolder;

namespace {

constexpr int kPixels = 28 * 28;

const Graph& network() {
  static const Graph loaded = read_network(kAssets / "unet.network.json").graph;
  return loaded;
}

const ImageSet& test_images() {
  static const ImageSet images = read_images(kAssets / "mnist-test-512-images-idx3-ubyte");
  return images;
}

// |ours - stored| / |stored| over the sites that the reference keeps.
double difference(const Map& ours, const TensorFile& reference, const std::string& name, int stride) {
  const Eigen::Index sites = (ours.cols() + stride - 1) / stride;
  const Tensor& tensor = reference.at(name, {ours.rows(), sites});
  const Eigen::Map<const Map> stored(tensor.values.data(), ours.rows(), sites);
  double square = 0;
  for (Eigen::Index s = 0; s < sites; ++s) {
    square += (ours.col(s * stride) - stored.col(s)).cast<double>().squaredNorm();
  }
  return std::sqrt(square) / stored.cast<double>().norm();
}

double mean_square(const Image& a, const Image& b) { return (a - b).cast<double>().squaredNorm() / kPixels; }

}  // namespace

TEST_CASE("U-Net: every map agrees with libtorch's to 1e-4") {
  const TensorFile reference = read_safetensors(kAssets / "unet-reference.safetensors");
  REQUIRE(reference.tensors.size() == 1 + kReferenceImages * kReferenceSigmas.size() * 10);
  for (std::size_t image = 0; image < kReferenceImages; ++image) {
    for (std::size_t level = 0; level < kReferenceSigmas.size(); ++level) {
      const double sigma = kReferenceSigmas[level];
      const std::string prefix = fmt::format("{}.{}.", image, level);
      CAPTURE(prefix);
      const Image input = noisy(test_images().image(image), sigma, kTestNoiseSeed, image);
      // The noise itself must be the trainer's to the bit, or it could not be made again.
      CHECK(difference(image_map(input, network()), reference, prefix + "noisy", 1) == 0.0);
      const Maps maps = run(network(), image_map(input, network()), sigma);
      for (const char* name : {"input", "e1", "e2", "e3", "b", "d3", "d2", "d1"}) {
        CAPTURE(name);
        const int stride = maps.at(name).cols() == kPixels && name != std::string("input") ? kReferenceStride : 1;
        CHECK(difference(maps.at(name), reference, prefix + name, stride) < 1e-4);
      }
      CHECK(difference(maps.at("denoised"), reference, prefix + "output", 1) < 1e-4);
    }
  }
}

TEST_CASE("U-Net: denoises the shipped test images") {
  double mse = 0, noisy_mse = 0;
  const std::size_t count = test_images().size();
  for (std::size_t i = 0; i < count; ++i) {
    const Image clean = test_images().image(i);
    const Image input = noisy(clean, 0.5, kTestNoiseSeed, i);
    const Map denoised = run(network(), image_map(input, network()), 0.5).at("denoised");
    mse += mean_square(map_image(denoised), clean) / static_cast<double>(count);
    noisy_mse += mean_square(input, clean) / static_cast<double>(count);
  }
  MESSAGE("MSE ", mse, ", noisy ", noisy_mse);
  CHECK(mse <= 0.012);
  CHECK(noisy_mse > 0.24);
  CHECK(noisy_mse < 0.26);
}

TEST_CASE("U-Net: a map that is given replaces the network's own, and nothing before it is needed") {
  const Map image = image_map(noisy(test_images().image(3), 0.5, kTestNoiseSeed, 3), network());
  const Maps whole = run(network(), image, 0.5);
  const std::set<std::string> others = maps_beside(network(), "d3");
  CHECK(others == std::set<std::string>{"e1", "e2", "image.part"});
  const auto decoded = [&](const Map& d3) {
    Maps maps = {{"d3", d3}};
    for (const std::string& name : others) maps[name] = whole.at(name);
    complete(network(), 0.5, "denoised", maps);
    CHECK(maps.count("e3") == 0);
    return maps.at("denoised");
  };
  CHECK(decoded(whole.at("d3")) == whole.at("denoised"));
  CHECK(decoded(0.9F * whole.at("d3")) != whole.at("denoised"));
}

TEST_CASE("U-Net: its layers follow from kernel, bias and slope") {
  const Map image = image_map(noisy(test_images().image(5), 0.5, kTestNoiseSeed, 5), network());
  const Maps maps = run(network(), image, 0.5);
  const Node& d3 = convolution_behind(network(), "d3");
  CHECK(d3.name == "d3.sum");
  CHECK(sources_of(network(), "d3") == std::vector<std::string>{"b", "e3"});
  const Map u = convolve(stack(twice(maps.at("b"), 7), maps.at("e3")), 7, d3.weights, bias_at(network(), d3, 0.5));
  CHECK(u.cwiseMax(0.7F * u) == maps.at("d3"));
  CHECK(bias_at(network(), d3, 0.5) != bias_at(network(), d3, 2.0));
  CHECK(operations(network(), d3) == 2.0 * 9 * 7 * 7 * 128 * 64);
  std::vector<std::string> names;
  for (const Node* map : layer_maps(network())) names.push_back(map->name);
  CHECK(names == std::vector<std::string>{"input", "e1", "e2", "e3", "b", "d3", "d2", "d1"});
}

TEST_CASE("U-Net: what depends on the noise level, by its definition") {
  const double data = 0.6162, pi = std::acos(-1.0);
  for (const double sigma : {0.02, 0.5, 3.0, 80.0}) {
    CAPTURE(sigma);
    const double total = sigma * sigma + data * data;
    CHECK(factor_at(network().node("input"), sigma)(0) == doctest::Approx(1 / std::sqrt(total)));
    CHECK(factor_at(network().node("image.part"), sigma)(0) == doctest::Approx(data * data / total));
    CHECK(factor_at(network().node("out.part"), sigma)(0) == doctest::Approx(sigma * data / std::sqrt(total)));
    const Eigen::VectorXf features = noise_features(network().noise_levels, sigma);
    REQUIRE(features.size() == 8);
    const double u = std::log(sigma / 0.02) / std::log(80 / 0.02);
    for (int k = 1; k <= 8; ++k) {
      CHECK(static_cast<double>(features(k - 1)) == doctest::Approx(std::cos(k * pi * u)).epsilon(1e-6));
    }
  }
}

TEST_CASE("U-Net: bad arguments") {
  const Map image = Map::Zero(1, kPixels);
  Map broken = image;
  broken(783) = std::numeric_limits<float>::infinity();
  check_fails([&] { run(network(), image, 0.0); }, "sigma is 0, 0.02 to 80 is allowed");
  check_fails([&] { run(network(), image, std::nan("")); }, "sigma is nan, 0.02 to 80 is allowed");
  check_fails([&] { run(network(), broken, 0.5); }, "not finite");
  check_fails([&] { run(network(), Map::Zero(1, 49), 0.5); },
              "image has 1 channels of 49 sites, 1 x 28 x 28 is needed");
  Maps maps = {{"d3", Map::Zero(64, 49)}};
  check_fails([&] { complete(network(), 0.5, "denoised", maps); }, "denoised needs the image");
  check_fails([&] { complete(network(), 0.5, "nothing", maps); }, "network unet: no node nothing");
}

TEST_CASE("U-Net: written and read again, the same bits") {
  const TemporaryFolder scratch;
  const auto path = write_network(scratch.path(), network());
  CHECK(path == scratch / "unet.network.json");
  const NetworkFile again = read_network(path);
  CHECK(again.weights == scratch / "unet.safetensors");
  CHECK(parameters(again.graph) == parameters(network()));
  const Map image = Map::Random(1, kPixels);
  const Maps a = run(network(), image, 0.7), b = run(again.graph, image, 0.7);
  REQUIRE(a.size() == b.size());
  for (const auto& [name, map] : a) CHECK(b.at(name) == map);
}
