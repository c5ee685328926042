// The smallest configuration that holds a machine, against what its layers, buses and memories are by their definition.
#include "machine/fixed_point/fitting_configuration.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "array/model/array_model.hpp"
#include "array/model/noise.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "error_message.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "machine/fixed_point/array_memories.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"

using namespace settle;
using namespace settle_test;

namespace {

Machine shipped(const std::string& preset) {
  return load_machine(std::filesystem::path(SETTLE_SOURCE_DIR) / "host" / "assets" / (preset + ".machine.json"));
}

/// The array after two steps with noise from 0, both in the window, and a trace entry of the first.
ArrayModel after_two_steps(const Machine& machine, const Configuration& c) {
  const FixedMachine fixed(machine, c, "test", machine.decoder);
  ArrayModel model(c);
  model.memories() = array_memories(fixed.contents, c);
  const std::vector<std::int16_t> gains = fixed.gains(machine.kt);
  std::copy(gains.begin(), gains.end(), model.memories().gains.begin());
  model.memories().noise_keys = noise_keys(7, c.noise_rounds);
  model.memories().segments[0] = {2, true};
  model.trace_stride = 2;
  model.begin(1);
  while (model.advance(1)) {
  }
  return model;
}

/// Whether `shorter` is what `longer` begins with.
template <typename Value>
bool begins_with(const std::vector<Value>& longer, const std::vector<Value>& shorter) {
  return shorter.size() <= longer.size() && std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace

TEST_CASE("every shipped machine fits an array that is no larger than its own, and moves there bit for bit alike") {
  for (const char* preset : {"anchored", "paper", "map", "map-bus", "unet", "whole"}) {
    CAPTURE(preset);
    const Machine machine = shipped(preset);
    const Configuration base = configuration_of(machine, preset);
    const Configuration c = fitting_configuration(machine, base, preset);
    for (const auto bound : {&Configuration::layers, &Configuration::side, &Configuration::site_cells,
                             &Configuration::cells, &Configuration::rank, &Configuration::coefficients,
                             &Configuration::words, &Configuration::program, &Configuration::neighbours}) {
      CHECK(c.*bound <= base.*bound);
    }
    CHECK(c.step() == base.step());
    CHECK(c.noise_rounds == base.noise_rounds);
    CHECK(c.trace_depth == base.trace_depth);

    const ArrayModel in_base = after_two_steps(machine, base), fitted = after_two_steps(machine, c);
    CHECK(std::any_of(fitted.memories().state.begin(), fitted.memories().state.end(), [](int x) { return x != 0; }));
    CHECK(begins_with(in_base.memories().state, fitted.memories().state));
    CHECK(begins_with(in_base.results().sum, fitted.results().sum));
    CHECK(begins_with(in_base.results().square, fitted.results().square));
    CHECK(begins_with(in_base.results().words, fitted.results().words));
    CHECK(in_base.results().trace[0].square == fitted.results().trace[0].square);
  }
}

TEST_CASE("its bounds are those of the layers and buses, counted by hand") {
  // Layers of 8 and 16 cells. Words: 3 + 3 of the reciprocal bus, 2 of the one-way bus, 2 of the self-bus.
  // Coefficients: field, reference and stiffness per cell, two rows per neighbour offset, the five matrices.
  const Machine machine = fixed_point_machine();
  const Configuration c = fitting_configuration(machine, configuration("tiny"), "x.json");
  CHECK(c.layers == 2);
  CHECK(c.side == 1);
  CHECK(c.site_cells == 16);
  CHECK(c.cells == 24);
  CHECK(c.rank == 3);
  CHECK(c.words == 10);
  CHECK(c.coefficients == 3 * 24 + 2 * 8 + 4 * 16 + 24 + 48 + 32 + 16 + 32);
  // Trace; four projections; barrier; layer, stiffness, neighbour operations and buses of each layer; end.
  CHECK(c.program == 1 + 4 + 1 + (2 + 2 + 2) + (2 + 4 + 2) + 1);
  CHECK(c.neighbours == 1);
  CHECK(c.lanes == 8);
  CHECK(c.noise_lanes == 4);

  const Configuration map = fitting_configuration(map_machine(false, 0, false), configuration("tiny"), "x.json");
  CHECK(map.side == 3);
  CHECK(map.cells == 2 * 9 * 12);
  CHECK(map.words == 9 * 3 + 9 * 2);
  CHECK(map.neighbours == 0);
  CHECK(map.lanes == 4);
}

TEST_CASE("sites that no even number divides have one lane, and taps on single sites an array that has taps") {
  Machine machine;
  machine.preset = "test";
  machine.layers = {grid_layer("one", 9, 2.0, 1.0, 1), grid_layer("two", 16, 2.0, 1.0, 2)};
  machine.decoder = 1;
  machine.fit_mean = Eigen::VectorXd::Zero(16);
  const Configuration alone = fitting_configuration(machine, configuration("tiny"), "x.json");
  CHECK(alone.lanes == 1);
  CHECK(alone.noise_lanes == 1);
  CHECK(alone.side == 1);
  CHECK(alone.words == 1);
  machine.buses = {
      {"taps", 0, 1, false, grid_matrix(9, 2, 0.1, 3), grid_matrix(16, 18, 0.1, 4), TapRange{-1, -1, 3, 3}}};
  const Configuration c = fitting_configuration(machine, configuration("tiny"), "x.json");
  CHECK(c.side == 2);
  CHECK_NOTHROW(array_contents(machine, c, "x.json", 1));
}

TEST_CASE("a machine with its own configuration is for that one, any other for the one that it names") {
  Machine machine = fixed_point_machine();
  CHECK(configuration_of(machine, "x.json").hash_text() == configuration("tiny").hash_text());
  Configuration c = fitting_configuration(machine, configuration("tiny"), "x.json");
  c.name = "of-the-test";
  bring_configuration(machine, c);
  machine.window_steps = 1;
  CHECK(machine.configuration == "of-the-test");
  CHECK(configuration_of(machine, "x.json").cells == 24);
  const Machine read = parse_machine(machine_text(machine, "x.json"), "x.json");
  CHECK(configuration_of(read, "x.json").hash_text() == c.hash_text());
  CHECK(configuration_of(read, "x.json").lanes == 8);
  machine.own_configuration.reset();
  CHECK(mentions(message_of([&] { configuration_of(machine, "x.json"); }),
                 "x.json: configuration: of-the-test is unknown; known are anchored, "));
}

TEST_CASE("what no configuration can have is refused by the bound's name") {
  const auto refusal = [](const Machine& machine, const Configuration& base) {
    return message_of([&] { fitting_configuration(machine, base, "x.json"); });
  };
  const Configuration tiny = configuration("tiny");
  Machine machine = fixed_point_machine();
  for (int b = 0; b < 2000; ++b) {
    machine.buses.push_back(
        {"more" + std::to_string(b), 0, 1, false, grid_matrix(8, 1, 0.001, 90), grid_matrix(16, 1, 0.001, 91)});
  }
  CHECK(mentions(refusal(machine, tiny),
                 "x.json: program operations: 2022 exceeds configuration tiny at its largest: program 1024"));
  machine = fixed_point_machine();
  machine.step = 0.5;
  CHECK(mentions(refusal(machine, tiny), "x.json: step: 0.5 is not"));
  machine = fixed_point_machine();
  machine.buses[0].source_matrix = grid_matrix(8, 300, 0.001, 90);
  machine.buses[0].target_matrix = grid_matrix(16, 300, 0.001, 91);
  CHECK(mentions(refusal(machine, tiny), "accumulator_width 40 cannot hold 616 products"));
}
