// How busy the multipliers are in a step: products counted by hand from the machine, cycles from the verilated array.
#include <string>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "device/driver/array_driver.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "sim/rtl_device.hpp"

using namespace settle;
using namespace settle_test;

namespace {

/// Two layers of D cells, all of them stiff and noisy, and one bus of rank k from the first to the second.
Machine pair_machine(const Configuration& c, int cells, int rank, bool reciprocal) {
  Machine m;
  m.preset = "test";
  m.configuration = c.name;
  m.step = c.step();
  m.layers = {grid_layer("encoder", cells, 1.0, 1.0, 70), grid_layer("decoder", cells, 1.0, 1.0, 71)};
  m.buses = {{"skip", 0, 1, reciprocal, grid_matrix(cells, rank, 0.125, 72), grid_matrix(cells, rank, 0.125, 73)}};
  m.decoder = 1;
  m.fit_mean = Eigen::VectorXd::Zero(cells);
  return m;
}

struct Busy {
  double in_steps = 0;  ///< a step's products over lanes x a step's cycles
  double in_a_run = 0;  ///< the same for a run of one settling and one averaging segment, its start and end included
};

/// Runs a pair of D cells each with a bus of rank k. A step's products: D k into a bus' words and D k out of them, a
/// reciprocal bus both ways; for each of the 2 D cells its stiffness, its noise and, in the window, its square.
Busy busy(const std::string& name, std::int64_t cells, int rank, bool reciprocal) {
  const std::int64_t products = (reciprocal ? 4 : 2) * cells * rank + 4 * cells;
  const std::int64_t in_window = products + 2 * cells;
  const Configuration c = configuration(name);
  const Machine machine = pair_machine(c, static_cast<int>(cells), rank, reciprocal);
  const ArrayContents contents = array_contents(machine, c, "test", machine.decoder);
  CHECK(contents.products.always + contents.products.project + contents.products.noise == products);
  CHECK(contents.products.window == in_window - products);

  const auto device = make_rtl_device(name);
  ArrayDriver driver(*device, c);
  driver.load(contents);
  const auto gains = fixed_gains(0.01, contents, c, "test");
  const auto cycles = [&](std::uint32_t settle, std::uint32_t window) {
    driver.set_schedule({{settle, false, gains}, {window, true, gains}});
    driver.run({true, true}, nullptr);
    return static_cast<double>(driver.counters().cycles);
  };
  const double more = cycles(160, 128), fewer = cycles(60, 28);
  const auto share = [&](double settle, double window, double clocks) {
    return (settle * static_cast<double>(products) + window * static_cast<double>(in_window)) / (c.lanes * clocks);
  };
  return {share(100, 100, more - fewer), share(60, 28, fewer)};
}

void check_busy(const std::string& name, int lanes, std::int64_t cells, int rank, double least) {
  REQUIRE(configuration(name).lanes == lanes);
  const Busy reciprocal = busy(name, cells, rank, true);
  MESSAGE(name, ": ", reciprocal.in_steps, " of a step, ", reciprocal.in_a_run, " of a run");
  CHECK(reciprocal.in_steps >= least);
  CHECK(reciprocal.in_steps <= 1);
  CHECK(reciprocal.in_a_run >= least);

  // The source layer of a one-way bus has no products but stiffness, noise and square, fewer than the shared noise
  // generator takes cycles for a group of cells: the multipliers wait for it. `least` is no limit there.
  // 0.69 guards what was measured (0.697 anchored) and is no design target.
  const Busy one_way = busy(name, cells, rank, false);
  MESSAGE(name, ", one-way bus: ", one_way.in_steps, " of a step, ", one_way.in_a_run, " of a run");
  CHECK(one_way.in_steps < reciprocal.in_steps);
  CHECK(one_way.in_steps >= 0.69);
}

}  // namespace

TEST_CASE("multipliers are busy in at least 95 % of a step's cycles: anchored, 4 lanes") {
  check_busy("anchored", 4, 64, 16, 0.95);
}

TEST_CASE("multipliers are busy in at least 90 % of a step's cycles: wide, 32 lanes") {
  check_busy("wide", 32, 128, 32, 0.9);
}
