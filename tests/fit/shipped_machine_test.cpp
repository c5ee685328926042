// The machine files that ship: sound, of the promised size, and within the format.
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "machine/check.hpp"
#include "machine/linear.hpp"
#include "machine/machine_file.hpp"

using namespace settle;

TEST_CASE("shipped machines load, are stable and fit the format") {
  for (const std::string preset : {"anchored", "paper"}) {
    CAPTURE(preset);
    const std::string path = std::string(SETTLE_SOURCE_DIR) + "/host/assets/" + preset + ".machine.json";
    const Machine m = load_machine(path);
    const Stability found = check_machine(m, path);
    CHECK(m.preset == preset);
    CHECK(m.configuration == preset);
    CHECK(m.interface.parameters() == 2560);
    CHECK(found.lambda_min > 0.1);
    CHECK(std::pow(found.radius, m.settle_steps) <= 1.001e-3);  // what settling leaves of the slowest mode
    CHECK(m.layers[0].scale == m.layers[1].scale);
    CHECK(force_matrix(m).cwiseAbs().maxCoeff() < 8);
    for (const Bus& bus : m.buses) {
      CHECK(bus.source_matrix.cwiseAbs().maxCoeff() < 8);
      CHECK(bus.target_matrix.cwiseAbs().maxCoeff() < 8);
    }
    for (const Layer& layer : m.layers) CHECK(layer.field.cwiseAbs().maxCoeff() < 8 * layer.scale);
    CHECK(m.settle_steps + m.window_steps <= 2000);
    CHECK(m.kt > 0);
  }
}

TEST_CASE("shipped machines of maps load, are stable and fit the format") {
  const std::map<std::string, std::pair<int, std::string>> expected = {
      {"map", {2, "map"}}, {"map-bus", {3, "map"}}, {"unet", {6, "unet"}}, {"whole", {8, "unet"}}};
  for (const auto& [name, shape] : expected) {
    const std::string preset = name;  // a structured binding cannot be captured
    CAPTURE(preset);
    const std::string path = std::string(SETTLE_SOURCE_DIR) + "/host/assets/" + preset + ".machine.json";
    const Machine m = load_machine(path);
    const Stability found = check_machine(m, path);
    CHECK(m.preset == preset);
    CHECK(m.configuration == shape.second);
    CHECK(static_cast<int>(m.layers.size()) == shape.first);
    CHECK(m.interface.parameters() == (preset == "map" || preset == "unet" ? 2560 : 0));
    CHECK_FALSE(found.reciprocal);
    CHECK(found.radius < 1);
    CHECK(m.kt > 0);
    for (const Bus& bus : m.buses) {
      CHECK(bus.source_matrix.cwiseAbs().maxCoeff() < 8);
      CHECK(bus.target_matrix.cwiseAbs().maxCoeff() < 8);
    }
  }
}
