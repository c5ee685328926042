// What array_contents counts, rounds and refuses.
#include <functional>
#include <limits>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "error_message.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "machine/fixed_point/array_contents.hpp"

using namespace settle;
using namespace settle_test;

namespace {

/// The changed machine is refused and the message has every part.
void refused(const std::function<void(Machine&, Configuration&)>& change, const std::vector<std::string>& parts) {
  Machine machine = fixed_point_machine();
  Configuration c = configuration("tiny");
  change(machine, c);
  const std::string message = message_of([&] { array_contents(machine, c, "file", 1); });
  INFO("message: ", message);
  CHECK(message.rfind("file: ", 0) == 0);
  for (const std::string& part : parts) {
    INFO("wanted: ", part);
    CHECK(message.find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("products of one step, counted by hand") {
  const Configuration c = configuration("tiny");
  // Ring of 8, torus of 16; reciprocal bus of rank 3, one-way of rank 2 to the ring, self-bus of rank 2 on the torus.
  const int stiffness = 8 + 16, neighbours = 2 * 8 + 2 * 2 * 16;
  const int drive = 3 * 16 + 3 * 8 + 2 * 8 + 2 * 16, project = 3 * 8 + 3 * 16 + 2 * 16 + 2 * 16;
  const StepProducts linear = array_contents(fixed_point_machine(), c, "file", 1).products;
  CHECK(linear.always == stiffness + neighbours + drive);
  CHECK(linear.project == project);
  CHECK(linear.noise == 24);
  CHECK(linear.window == 24);
  CHECK(linear.trace == 2 * 16);
  const StepProducts table = array_contents(table_machine(), c, "file", -1).products;
  CHECK(table.always == linear.always + 16);
  CHECK(table.project == linear.project);
  CHECK(table.trace == 0);
}

TEST_CASE("memories: rows of the machine's numbers, words, clamp") {
  const Configuration c = configuration("tiny");
  const Machine machine = table_machine();
  const ArrayContents contents = array_contents(machine, c, "file", 1);
  CHECK(contents.cells == 24);
  CHECK(contents.words == 3 + 3 + 2 + 2);
  REQUIRE(contents.layers.size() == 2);
  CHECK(contents.layers[1].first == 8);
  CHECK(contents.layers[1].columns_log2 == 2);
  CHECK(contents.layers[1].rows == 4);
  for (int i = 0; i < 16; ++i) {
    const double field =
        contents.coefficients.at(static_cast<std::size_t>(contents.layers[1].field) + static_cast<std::size_t>(i)) *
        c.coefficient.unit();
    CHECK(field == machine.layers[1].field(i) / 0.5);
  }
  std::vector<std::uint8_t> clamp(24, 0);
  clamp[3] = clamp[8 + 9] = 1;
  CHECK(contents.clamp == clamp);
  REQUIRE(contents.layers[1].table.size() == 64);
  CHECK(contents.layers[0].table.empty());
  // The table is continuous: a piece ends where the next one begins.
  for (std::size_t s = 0; s + 1 < 64; ++s) {
    const std::uint32_t here = contents.layers[1].table[s], next = contents.layers[1].table[s + 1];
    using registers::kTableLeft;
    CHECK(value_of(kTableLeft, here) + value_of(registers::kTableRise, here) == value_of(kTableLeft, next));
  }
}

TEST_CASE("numbers that do not fit are refused: which, its value, the range") {
  const std::string range = "-8 to 7.999755859375";
  refused([](Machine& m, Configuration&) { m.layers[0].stiffness(2) = 8; }, {"layers[0].stiffness[2]: 8 ", range});
  refused([](Machine& m, Configuration&) { m.layers[1].field(5) = 4; }, {"layers[1].field[5]: 8 ", range});
  refused([](Machine& m, Configuration&) { m.layers[1].neighbours[1].coupling(7) = -9; },
          {"layers[1].neighbours[1].coupling[7]: -9 ", range});
  refused([](Machine& m, Configuration&) { m.buses[0].source_matrix(1, 2) = 50; },
          {"buses[0].source_matrix column 2[1]: 50 ", range});
  refused([](Machine& m, Configuration&) { m.buses[1].target_matrix(7, 0) = -50; },
          {"buses[1].target_matrix column 0[7]: -50 ", range});
  refused([](Machine& m, Configuration&) { m.layers[0].stiffness(0) = std::numeric_limits<double>::quiet_NaN(); },
          {"layers[0].stiffness[0]: nan", range});
  refused([](Machine& m, Configuration&) { m.layers[0].stiffness(0) = std::numeric_limits<double>::infinity(); },
          {"layers[0].stiffness[0]: inf", range});
  const auto steep = [](Machine& m, Configuration&) {
    m.layers[1].force.assign(65, 3.0);
    m.layers[1].force[10] = -3.0;
  };
  refused(steep, {"layers[1].force[9] rise: -12 ", range});
}

TEST_CASE("bounds of the configuration are refused by name") {
  refused([](Machine& m, Configuration&) { m.step = 0.5; }, {"step: 0.5", "0.25"});
  refused([](Machine&, Configuration& c) { c.layers = 1; }, {"layers: 2", "layers 1"});
  refused([](Machine&, Configuration& c) { c.site_cells = 8; }, {"layers[1].site_cells: 16", "site_cells 8"});
  refused([](Machine&, Configuration& c) { c.cells = 20; }, {"cells: 24", "cells 20"});
  refused([](Machine&, Configuration& c) { c.lanes = 16; }, {"layers[0].site_cells: 8", "multiple", "16 lanes"});
  refused([](Machine&, Configuration& c) { c.rank = 2; }, {"buses[0] rank: 3", "rank 2"});
  refused([](Machine&, Configuration& c) { c.words = 7; }, {"bus words: 8", "words 7"});
  refused([](Machine&, Configuration& c) { c.coefficients = 100; }, {"coefficient words: ", "coefficients 100"});
  refused([](Machine&, Configuration& c) { c.program = 10; }, {"program operations: ", "program 10"});
  refused([](Machine&, Configuration& c) { c.neighbours = 0; }, {"layers[0].neighbours", "no neighbour hardware"});
  refused([](Machine&, Configuration& c) { c.word_gain_bits = 0; }, {"buses[0]", "1 and 0.5", "none"});
  refused(
      [](Machine& m, Configuration&) {
        m.layers[1].scale = 0x1p-9;
        m.layers[1].field.setZero();
      },
      {"buses[0]", "word gain", "2^-8 to 2^7"});
  refused([](Machine& m, Configuration&) { m.layers[1].force.assign(33, 0.0); }, {"layers[1].force: 33", "65"});
  refused([](Machine&, Configuration& c) { c.accumulator_width = 33; },
          {"layers[0] cell 0", "accumulator's 4294967296"});
}
