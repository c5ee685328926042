// What the array computes: the model's bits, an oracle's rest point, the exact stationary law.
#include <algorithm>
#include <cmath>
#include <memory>

#include "device/driver/loaded_array.hpp"
#include "device/model_device.hpp"
#include "device/run_watch.hpp"
#include "hil/tests.hpp"
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

/// The oracle's cells on the board, under their own fields.
LoadedArray load_oracle(const Board& board) {
  const Configuration& c = board.configuration;
  LoadedArray array(board.connect(), std::make_shared<const FixedMachine>(oracle(c), c, "oracle", 0));
  array.set_fields(array.machine().layers[0].field);
  return array;
}

double rest(const LoadedArray& array, int i) {
  const Layer& layer = array.machine().layers[0];
  return layer.field(i) / layer.stiffness(i);
}

}  // namespace

std::string array_is_the_model(const Board& board) {
  constexpr int kArrays = 6, kMostSteps = 40;
  const Configuration& c = board.configuration;
  std::uint64_t updates = 0;
  for (int i = 0; i < kArrays; ++i) {
    const auto size = i % 3 == 2 ? equivalence::RandomArray::Size::extreme : equivalence::RandomArray::Size::small;
    const equivalence::RandomArray array(c, board.seed * 1000 + static_cast<std::uint64_t>(i), size, kMostSteps);
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
      if ((wait_until_idle(*device, board.times.stop, {array.steps, 0}) & registers::kStatusBusy) != 0) {
        throw error("interrupted");
      }
      std::vector<std::uint32_t> states(static_cast<std::size_t>(array.cells)), sums(states.size());
      device->read_block(address(Memory::state, 0), states.data(), states.size());
      for (std::size_t n = 0; n < states.size(); ++n) {
        require(states[n] == model.read(address(Memory::state, n)), "array {}: cell {} differs from the model", i, n);
      }
      for (std::size_t part = 0; part < kWindowParts; ++part) {
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
  LoadedArray array = load_oracle(board);
  // 40 relaxation times of the softest cell, no noise.
  const auto steps = static_cast<int>(std::ceil(40 / (kSoftest * c.step())));
  array.set_noise(board.seed);
  array.set_schedule({{steps, false}}, 0);
  array.run({true, true}, nullptr);
  const Eigen::VectorXd states = array.states();
  // A cell moves until its step rounds to nothing: |e (h - a x)| < half a state unit, and the operand's rounding in it.
  double worst = 0;
  for (int i = 0; i < c.site_cells; ++i) {
    const double bound =
        (0.5 * c.state.unit() / c.step() + 0.5 * c.operand.unit() * kStiffest) / kSoftest + c.state.unit();
    const double off = std::abs(states(i) - rest(array, i));
    require(off <= bound, "cell {} rests {:.3g} beside h / a; at most {:.3g}", i, off, bound);
    worst = std::max(worst, off / bound);
  }
  return fmt::format("{} cells at h / a, off by {:.0f} % of what rounding allows at most", c.site_cells, 100 * worst);
}

std::string statistics_hold(const Board& board) {
  const Configuration& c = board.configuration;
  LoadedArray array = load_oracle(board);
  const double kt = 0.05;
  const FixedMachine& fixed = array.fixed();
  const double realised = realised_kt(fixed.gains(kt), fixed.contents, c)[0];
  const double e = c.step();
  constexpr int kWindow = 20000;
  array.set_noise(board.seed);
  array.set_schedule({{static_cast<int>(40 / (kSoftest * e)), false}, {kWindow, true}}, kt);
  array.run({true, true}, nullptr);
  const Eigen::VectorXd sums = array.sums(0), squares = array.squares(0);
  // One threshold for all 2 n statements: 1e-6 in the family.
  const double z = std::sqrt(2 * std::log(2.0 * 2 * c.site_cells / 1e-6));
  double worst = 0;
  for (int i = 0; i < c.site_cells; ++i) {
    const double a = array.machine().layers[0].stiffness(i), r = 1 - e * a;
    const double variance = 2 * realised * e / (1 - r * r);
    const double operand = c.operand.unit();
    const double mean = sums(i) / kWindow, square = squares(i) / kWindow;
    // Of an AR(1) series: the mean's error with (1 + r) / (1 - r), the variance's with the same of r^2.
    const double mean_error = std::sqrt(variance * (1 + r) / (1 - r) / kWindow);
    const double variance_error = variance * std::sqrt(2 * (1 + r * r) / (1 - r * r) / kWindow);
    const double mean_off = (mean - rest(array, i)) / mean_error;
    // About the exact mean, less the rounding of operands.
    const double found = square - 2 * rest(array, i) * mean + rest(array, i) * rest(array, i) - operand * operand / 12;
    const double variance_off = (found - variance) / variance_error;
    require(std::abs(mean_off) < z, "cell {}: mean {:.5f}, {:.5f} is exact: {:.1f} standard errors", i, mean,
            rest(array, i), mean_off);
    require(std::abs(variance_off) < z, "cell {}: variance {:.5f}, {:.5f} is exact: {:.1f} standard errors", i, found,
            variance, variance_off);
    worst = std::max({worst, std::abs(mean_off), std::abs(variance_off)});
  }
  return fmt::format("mean and variance of {} cells over {} steps, {:.1f} standard errors at most ({:.1f} allowed)",
                     c.site_cells, kWindow, worst, z);
}

}  // namespace settle::hil
