// What the array computes: the model's bits, an oracle's rest point, the exact stationary law.
#include <algorithm>
#include <cmath>

#include "device/driver/array_driver.hpp"
#include "device/model_device.hpp"
#include "hil/tests.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/machine_file.hpp"
#include "sim/equivalence/random_array.hpp"

namespace settle::hil {

namespace {

using registers::Memory;

constexpr double kStiffest = 1.5, kSoftest = 0.5;

/// Uncoupled cells x -> x + e (h - a x + noise), stiffness and field of their own, on the coefficient grid. With T = 0
/// each rests at h / a; with noise its mean is h / a and its variance 2 T e / (1 - (1 - e a)^2), both exactly.
Machine oracle(const Configuration& c) {
  Machine m;
  m.preset = "oracle";
  m.configuration = c.name;
  m.step = c.step();
  Layer layer;
  layer.name = "cells";
  layer.site_cells = c.site_cells;
  layer.scale = 1;
  layer.stiffness.resize(c.site_cells);
  layer.field.resize(c.site_cells);
  for (int i = 0; i < c.site_cells; ++i) {
    const double part = c.site_cells == 1 ? 0 : static_cast<double>(i) / (c.site_cells - 1);
    layer.stiffness(i) = std::round((kSoftest + (kStiffest - kSoftest) * part) * 1024) / 1024;
    layer.field(i) = std::round((part - 0.5) * 1024) / 1024;
  }
  m.layers = {layer};
  m.decoder = 0;
  m.fit_mean = Eigen::VectorXd::Zero(c.site_cells);
  return m;
}

struct Loaded {
  Machine machine;
  ArrayContents contents;
  ArrayDriver driver;

  Loaded(Device& device, const Configuration& c)
      : machine(oracle(c)), contents(array_contents(machine, c, "oracle", 0)), driver(device, c) {
    driver.load(contents);
    const Eigen::VectorXd h = machine.layers[0].field;
    driver.set_fields(fixed_fields(h, contents, c, "oracle"));
  }

  double rest(int i) const { return machine.layers[0].field(i) / machine.layers[0].stiffness(i); }
};

}  // namespace

std::string array_is_the_model(const Board& board) {
  constexpr int kArrays = 6, kMostSteps = 40;
  const Configuration& c = board.configuration;
  std::uint64_t updates = 0;
  for (int i = 0; i < kArrays; ++i) {
    const auto size = i % 3 == 2 ? testing::RandomArray::Size::extreme : testing::RandomArray::Size::small;
    const testing::RandomArray array(c, board.seed * 1000 + static_cast<std::uint64_t>(i), size, kMostSteps);
    const auto device = board.connect();
    ModelDevice model(c);
    for (const auto& [where, value] : array.writes) {
      device->write(where, value);
      model.write(where, value);
    }
    constexpr std::uint32_t kStart = registers::kControlStart;
    for (const std::uint32_t control : {kStart | registers::kControlZero | registers::kControlClear, kStart}) {
      device->write(registers::control, control);
      model.write(registers::control, control);
      while ((device->status_when_idle() & registers::kStatusBusy) != 0) continue;
      std::vector<std::uint32_t> states(static_cast<std::size_t>(array.cells)), sums(states.size());
      device->read_block(address(Memory::state, 0), states.data(), states.size());
      for (std::size_t n = 0; n < states.size(); ++n) {
        require(states[n] == model.read(address(Memory::state, n)), "array {}: cell {} differs from the model", i, n);
      }
      for (std::size_t part = 0; part < registers::kSumParts; ++part) {
        device->read_block(sum_address(part, 0), sums.data(), sums.size());
        for (std::size_t n = 0; n < sums.size(); ++n) {
          require(sums[n] == model.read(sum_address(part, n)),
                  "array {}: part {} of the sum of cell {} differs from the model", i, part, n);
        }
      }
      for (const std::uint32_t r : {registers::saturated_states, registers::saturated_words, registers::window_steps,
                                    registers::trace_count, registers::step_lo}) {
        require(device->read(r) == model.read(r), "array {}: register {} differs from the model", i, r);
      }
      updates += array.steps * static_cast<std::uint64_t>(array.cells);
    }
  }
  return fmt::format("{} random arrays, {} cell updates, 0 differences", kArrays, updates);
}

std::string settles_an_oracle(const Board& board) {
  const Configuration& c = board.configuration;
  const auto device = board.connect();
  Loaded loaded(*device, c);
  // 40 relaxation times of the softest cell, no noise.
  const auto steps = static_cast<std::uint32_t>(std::ceil(40 / (kSoftest * c.step())));
  loaded.driver.set_noise(board.seed, 0);
  loaded.driver.set_schedule({{steps, false, {0}}});
  loaded.driver.run({true, true}, nullptr);
  const std::vector<std::int32_t> states = loaded.driver.states();
  // A cell moves until its step rounds to nothing: |e (h - a x)| < half a state unit, and the operand's rounding in it.
  double worst = 0;
  for (int i = 0; i < c.site_cells; ++i) {
    const double bound =
        (0.5 * c.state.unit() / c.step() + 0.5 * c.operand.unit() * kStiffest) / kSoftest + c.state.unit();
    const double off = std::abs(states[static_cast<std::size_t>(i)] * c.state.unit() - loaded.rest(i));
    require(off <= bound, "cell {} rests {:.3g} beside h / a; at most {:.3g}", i, off, bound);
    worst = std::max(worst, off / bound);
  }
  return fmt::format("{} cells at h / a, off by {:.0f} % of what rounding allows at most", c.site_cells, 100 * worst);
}

std::string statistics_hold(const Board& board) {
  const Configuration& c = board.configuration;
  const auto device = board.connect();
  Loaded loaded(*device, c);
  const double kt = 0.05;
  const std::vector<std::int16_t> gains = fixed_gains(kt, loaded.contents, c, "oracle: kt");
  const double realised = realised_kt(gains, loaded.contents, c)[0];
  const double e = c.step();
  constexpr std::uint32_t kWindow = 20000;
  loaded.driver.set_noise(board.seed, 0);
  loaded.driver.set_schedule({{static_cast<std::uint32_t>(40 / (kSoftest * e)), false, gains}, {kWindow, true, gains}});
  loaded.driver.run({true, true}, nullptr);
  const std::vector<std::int64_t> sums = loaded.driver.sums(0, c.site_cells);
  const std::vector<std::int64_t> squares = loaded.driver.squares(0, c.site_cells);
  // One threshold for all 2 n statements: 1e-6 in the family.
  const double z = std::sqrt(2 * std::log(2.0 * 2 * c.site_cells / 1e-6));
  double worst = 0;
  for (int i = 0; i < c.site_cells; ++i) {
    const double a = loaded.machine.layers[0].stiffness(i), r = 1 - e * a;
    const double variance = 2 * realised * e / (1 - r * r);
    const double operand = c.operand.unit(), unit = c.state.unit();
    const double mean = static_cast<double>(sums[static_cast<std::size_t>(i)]) * unit / kWindow;
    const double square = static_cast<double>(squares[static_cast<std::size_t>(i)]) * operand * operand / kWindow;
    // Of an AR(1) series: the mean's error with (1 + r) / (1 - r), the variance's with the same of r^2.
    const double mean_error = std::sqrt(variance * (1 + r) / (1 - r) / kWindow);
    const double variance_error = variance * std::sqrt(2 * (1 + r * r) / (1 - r * r) / kWindow);
    const double mean_off = (mean - loaded.rest(i)) / mean_error;
    // About the exact mean, less the rounding of operands.
    const double found = square - 2 * loaded.rest(i) * mean + loaded.rest(i) * loaded.rest(i) - operand * operand / 12;
    const double variance_off = (found - variance) / variance_error;
    require(std::abs(mean_off) < z, "cell {}: mean {:.5f}, {:.5f} is exact: {:.1f} standard errors", i, mean,
            loaded.rest(i), mean_off);
    require(std::abs(variance_off) < z, "cell {}: variance {:.5f}, {:.5f} is exact: {:.1f} standard errors", i, found,
            variance, variance_off);
    worst = std::max({worst, std::abs(mean_off), std::abs(variance_off)});
  }
  return fmt::format("mean and variance of {} cells over {} steps, {:.1f} standard errors at most ({:.1f} allowed)",
                     c.site_cells, kWindow, worst, z);
}

}  // namespace settle::hil
