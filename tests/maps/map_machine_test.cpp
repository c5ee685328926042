// A machine of maps rests where the network's own inference says, at any place of any map.
#include "fit/maps/map_machine.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "array/float64/rest_point.hpp"
#include "base/error.hpp"
#include "images/noise.hpp"
#include "machine/fields.hpp"
#include "machine/linear.hpp"
#include "maps/shipped.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/conditioning/layer_maps.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/queries.hpp"

using namespace settle;

namespace {

constexpr double kSigma = 0.5;

/// The maps for which layers of the network's presets stand.
std::vector<CellValue> every_map(const Graph& network) {
  std::vector<CellValue> values;
  for (const Node* map : layer_maps(network)) values.push_back({map->name, "", {}, {}});
  return values;
}

const std::map<std::string, MapStatistics>& statistics() {
  // Of held-out images: these machines are for the test alone.
  static const auto found = map_statistics(settle_test::shipped_network(), every_map(settle_test::shipped_network()),
                                           settle_test::shipped_images(), 0, 64, kSigma, 1, nullptr);
  return found;
}

MapReport exact_machine(const std::string& preset) {
  MapOptions options;
  options.preset = settle_test::shipped_preset(preset);
  options.kt = 0;  // tables without correction
  options.ranks.emplace();
  return fit_maps(settle_test::shipped_network(), statistics(), kSigma, options);
}

}  // namespace

TEST_CASE("without noise and at full rank every layer rests at the network's map") {
  const Graph network = settle_test::shipped_network();
  // One case for each, at the noise level of the fit and at another one.
  struct Case {
    const char* preset;
    double sigma;
  };
  const std::vector<Case> cases = {{"map", 0.5}, {"map-bus", 0.3}, {"unet", 0.5}, {"whole", 0.5}};
  for (const Case& one : cases) {
    const std::string preset = one.preset;
    const double sigma = one.sigma;
    CAPTURE(preset);
    const Machine machine = exact_machine(preset).machine;
    const Image image = noisy(settle_test::shipped_images().image(200), sigma, 9, 200);
    const Maps maps = run(network, image_map(image, network), sigma);
    const Conditioning conditioning = conditioning_of(machine, network, maps, sigma);
    const Eigen::VectorXd rest = rest_point(machine, fields(machine, conditioning, InterfaceMode::normal));
    for (std::size_t l = 0; l < machine.layers.size(); ++l) {
      CAPTURE(machine.layers[l].name);
      const Eigen::VectorXd& wanted = conditioning.layers[l];
      const Eigen::VectorXd found = rest.segment(layer_offset(machine, static_cast<int>(l)), wanted.size());
      // Seven digits of the coefficients, and float in the network.
      CHECK((found - wanted).norm() < 2e-4 * wanted.norm());
      // And in the network's own units and order.
      const Map back = as_map(machine.layers[l], found, static_cast<int>(maps.at(machine.layers[l].map).rows()));
      const Map& map = maps.at(machine.layers[l].map);
      CHECK((back.topRows(map.rows()) - map).norm() < 3e-4F * map.norm());
    }
  }
}

TEST_CASE("a lower rank leaves out what it says, and less the higher it is") {
  MapOptions options;
  options.preset = settle_test::shipped_preset("whole");
  options.kt = 0;
  double last = 1;
  for (const int rank : {8, 16, 32}) {
    options.ranks = {{"e3-b", rank}};
    const MapReport report = fit_maps(settle_test::shipped_network(), statistics(), kSigma, options);
    for (const BusReport& bus : report.buses) {
      if (bus.name != "e3-b") continue;
      CHECK(bus.rank == rank);
      CHECK(bus.weights == std::int64_t{rank} * (64 + 9 * 64));
      CHECK(bus.dense == 9 * 64 * 64);
      CHECK(bus.left_out > 0);
      CHECK(bus.left_out < last);
      last = bus.left_out;
    }
  }
}

TEST_CASE("the interface of a map has 2,560 weights and carries the bottleneck's part exactly") {
  const Machine machine = exact_machine("map").machine;
  CHECK(machine.interface.parameters() == 2560);
  const MapReport bus = exact_machine("map-bus");
  CHECK(bus.machine.interface.parameters() == 0);
  // The same field from the bus's two matrices.
  const Bus& b = bus.machine.buses.front();
  REQUIRE(b.name == "b-d3");
  const Eigen::VectorXd v = Eigen::VectorXd::LinSpaced(64, -1, 2);
  const Eigen::VectorXd unit = bus.machine.layers[static_cast<std::size_t>(b.source)].unit;
  const Eigen::VectorXd by_bus = -b.target_matrix * (b.source_matrix.transpose() * v.cwiseQuotient(unit));
  CHECK((machine.interface.field(v) - by_bus).norm() < 1e-5 * by_bus.norm());
}

TEST_CASE("presets of another kind, and maps, buses and ranks that do not go together are refused") {
  const auto refused = [](const MapOptions& options, const std::string& message) {
    CHECK_THROWS_WITH_AS(fit_maps(settle_test::shipped_network(), statistics(), kSigma, options), message.c_str(),
                         Error);
  };
  MapOptions options;
  options.preset = settle_test::shipped_preset("anchored");
  refused(options, "fit: anchored is no preset of maps");
  options.preset = settle_test::shipped_preset("map");
  options.ranks = {{"e3-d3", 0}};
  refused(options, "fit: e3-d3: 0 is not 1 to 64");
  options.ranks = {{"e3-d9", 4}};
  refused(options, "fit: e3-d9: no bus of map; known are e3-d3");
  options.ranks.reset();
  Preset& preset = options.preset;
  preset.maps.ranks = {{"b-d3", 4}};  // the interface stands in its place
  refused(options, "fit: preset map: ranks: b-d3: no bus of map; known are e3-d3");
  preset.maps.ranks.clear();
  preset.maps.interface = false;
  refused(options, "fit: preset map: settles: d3 is fed by b, which is neither held nor settles");
  preset.maps.settles = {"d4"};
  refused(options,
          "fit: preset map: settles: d4 is no convolution of the network; known are e1, e2, e3, b, d3, d2, d1");
  preset.maps.held = {"e9"};
  CHECK_THROWS_AS(check_map_preset(preset, settle_test::shipped_network()), Error);
}

TEST_CASE("a preset that ships is what its machine file was fitted from") {
  for (const std::string name : {"map", "map-bus", "unet", "whole"}) {
    CAPTURE(name);
    const Preset preset = settle_test::shipped_preset(name);
    const Machine machine = settle_test::shipped_machine(name);
    CHECK_NOTHROW(check_map_preset(preset, settle_test::shipped_network()));
    CHECK(machine.configuration == preset.configuration);
    CHECK(machine.settle_steps == preset.maps.settle_steps);
    std::vector<std::string> held, settles;
    for (const Layer& layer : machine.layers) (layer.held ? held : settles).push_back(layer.map);
    CHECK(held == preset.maps.held);
    CHECK(settles == preset.maps.settles);
    CHECK(machine.interface.source.empty() != preset.maps.interface);
    std::map<std::string, int> ranks;
    for (const Bus& bus : machine.buses) ranks[bus.name] = static_cast<int>(bus.source_matrix.cols());
    for (const auto& [bus, rank] : preset.maps.ranks) CHECK(ranks[bus] == rank);
  }
}

TEST_CASE("statistics are sums over images in any number of threads") {
  const Graph network = settle_test::shipped_network();
  const auto few =
      map_statistics(network, every_map(network), settle_test::shipped_images(), 3, 70, kSigma, 2, nullptr);
  Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(32, 196), moment = Eigen::MatrixXd::Zero(32, 32);
  for (std::size_t i = 3; i < 73; ++i) {
    const Map map =
        run(network, image_map(noisy(settle_test::shipped_images().image(i), kSigma, 2, i), network), kSigma).at("d2");
    const Eigen::MatrixXd x = map.cast<double>();
    mean += x / 70;
    moment += x * x.transpose() / (70 * 196);
  }
  CHECK((few.at("d2").mean - mean).cwiseAbs().maxCoeff() < 1e-12);
  CHECK((few.at("d2").moment - moment).cwiseAbs().maxCoeff() < 1e-12);
  CHECK_THROWS_AS(
      map_statistics(network, every_map(network), settle_test::shipped_images(), 500, 13, kSigma, 2, nullptr), Error);
}
