#include "network/conditioning/conditioning.hpp"

#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "images/noise.hpp"
#include "maps/shipped.hpp"
#include "network/conditioning/layer_maps.hpp"
#include "network/graph/image_map.hpp"

using namespace settle;

namespace {

std::string refusal(const std::function<void(Machine&)>& change) {
  Machine machine = settle_test::shipped_machine("map");
  change(machine);
  try {
    check_maps(machine, settle_test::shipped_network(), "m.json");
  } catch (const Error& e) {
    return e.what();
  }
  return "accepted";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("cells are channels, site by site, in units; copies take turns") {
  Layer layer;
  layer.site_cells = 4;
  layer.height = 1;
  layer.width = 3;
  layer.unit.resize(4);
  layer.unit << 1, 2, 4, 8;
  Map map(2, 3);  // two channels: every one has two cells
  map << 1, 2, 3, 10, 20, 30;
  Eigen::VectorXd wanted(12);
  wanted << 1, 5, 0.25, 1.25, 2, 10, 0.5, 2.5, 3, 15, 0.75, 3.75;
  layer.map = "m";
  const Maps maps = {{"m", map}};
  CHECK(layer_activation(layer, maps) == wanted);
  layer.height = layer.width = 1;  // the spatial mean
  Eigen::VectorXd mean(4);
  mean << 2, 10, 0.5, 2.5;
  CHECK(layer_activation(layer, maps) == mean);
}

TEST_CASE("states go back to a map") {
  Layer layer;
  layer.site_cells = 2;
  layer.height = 1;
  layer.width = 3;
  layer.unit = Eigen::VectorXd::Constant(2, 0.5);
  Map map(2, 3);
  map << 1, 2, 3, -4, 5, 6;
  layer.map = "m";
  CHECK(as_map(layer, layer_activation(layer, {{"m", map}}), 2) == map);
}

TEST_CASE("the conditioning of an image does not depend on which images are asked for together") {
  const Machine machine = settle_test::shipped_machine("map");
  const Graph network = settle_test::shipped_network();
  const ImageSet images = settle_test::shipped_images();
  const std::vector<Conditioning> three = conditionings(machine, network, images, 4, 3, 0.5, 1, nullptr);
  REQUIRE(three.size() == 3);
  const Conditioning one =
      conditioning_of(machine, network, run(network, image_map(noisy(images.image(5), 0.5, 1, 5), network), 0.5), 0.5);
  CHECK(three[1].layers[0] == one.layers[0]);
  CHECK(three[1].layers[1] == one.layers[1]);
  CHECK(three[1].interface == one.interface);
  CHECK(one.noise_change.size() == 0);
  CHECK(conditionings(machine, network, images, 0, 5, 0.5, 1, [] { return true; }).empty());
  CHECK_THROWS_AS(conditionings(machine, network, images, 510, 3, 0.5, 1, nullptr), Error);
}

TEST_CASE("maps that do not fit their layers are refused by name") {
  CHECK(refusal([](Machine&) {}) == "accepted");
  CHECK(has(refusal([](Machine& m) { m.layers[0].map = "e7"; }), "m.json: layers[0].map: \"e7\" is no map"));
  CHECK(has(refusal([](Machine& m) { m.layers[0].map = "e1"; }), "layers[0]: 7 x 7 sites, e1 has 28 x 28"));
  CHECK(has(refusal([](Machine& m) { m.layers[1].map = ""; }), "layers[1].map: \"\", the layer that is read"));
  CHECK(has(refusal([](Machine& m) { m.layers[1].site_cells = 100; }), "layers[1].site_cells: 100, d3 has 64"));
  CHECK(has(refusal([](Machine& m) { m.interface.source = "e1"; }), "interface.down: 64 columns, e1 has 16"));
  CHECK(has(refusal([](Machine& m) { m.interface.target = 0, m.layers[0].height = 3; }), "sites"));
  CHECK(has(refusal([](Machine& m) { m.layers[1].noise_level.resize(64, 3); }), "noise_level: 3 columns"));
}
