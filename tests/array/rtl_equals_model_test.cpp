// The RTL and the model agree in every state bit, word, sum, trace entry and counter, for random and extreme contents.
#include <string>

#include <doctest/doctest.h>

#include "array/formats.hpp"
#include "base/splitmix.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "sim/equivalence/random_array.hpp"
#include "sim/rtl_device.hpp"

namespace {

using namespace settle;
using namespace settle::equivalence;
using namespace settle::testing;
using registers::Memory;

constexpr std::uint32_t kStart = registers::kControlStart, kStartClear = kStart | registers::kControlClear,
                        kStartAnew = kStartClear | registers::kControlZero;

void load(Device& device, const RandomArray& array) {
  for (const auto& [where, value] : array.writes) device.write(where, value);
}

void run(Device& device, std::uint32_t control) {
  device.write(registers::control, control);
  int polls = 0;
  while ((device.read(registers::status) & registers::kStatusBusy) != 0) REQUIRE(++polls < 100000);
}

/// Differences in all that both can be asked for. One line for the first of them.
int differences(Device& rtl, Device& model, const RandomArray& array, const Configuration& c) {
  int count = 0;
  const auto compare = [&](std::uint32_t where) {
    const std::uint32_t a = rtl.read(where), b = model.read(where);
    if (a != b && count++ == 0) MESSAGE("address ", where, ": rtl ", a, ", model ", b);
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(array.cells); ++i) {
    compare(address(Memory::state, i));
    for (std::size_t part = 0; part < kWindowParts; ++part) compare(sum_address(part, i));
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(array.words); ++i) compare(address(Memory::word, i));
  for (const std::uint32_t r : {registers::trace_count, registers::saturated_states, registers::saturated_words,
                                registers::window_steps, registers::step_lo, registers::step_hi}) {
    compare(r);
  }
  const std::size_t entries = model.read(registers::trace_count);
  REQUIRE(entries <= static_cast<std::size_t>(c.trace_depth));
  for (std::size_t i = 0; i < registers::kTraceWords * entries; ++i) compare(address(Memory::trace, i));
  return count;
}

struct Total {
  std::uint64_t steps = 0, updates = 0, saturated_states = 0, saturated_words = 0;
  int differences = 0;
};

/// Arrays `first` to `end` - 1 of a seed; every third is extreme.
Total compare(const std::string& key, const Configuration& c, int first, int end, int most_steps, std::uint64_t seed) {
  Total total;
  for (int i = first; i < end; ++i) {
    const auto size = i % 3 == 2 ? RandomArray::Size::extreme : RandomArray::Size::small;
    const RandomArray array(c, mix64(seed + static_cast<std::uint64_t>(i)), size, most_steps);
    const auto rtl = make_rtl_device(key, {i % 3, {}, 0, 0});
    ModelDevice model(c);
    load(*rtl, array);
    load(model, array);
    // Twice: the second run keeps state, sums and step number, or starts from zero.
    for (const std::uint32_t control : {kStartClear, i % 2 == 0 ? kStart : kStartAnew}) {
      run(*rtl, control);
      run(model, control);
      total.differences += differences(*rtl, model, array, c);
      CAPTURE(key);
      CAPTURE(i);
      REQUIRE(total.differences == 0);
      total.steps += array.steps;
      total.updates += array.steps * static_cast<std::uint64_t>(array.cells);
    }
    total.saturated_states += model.read(registers::saturated_states);
    total.saturated_words += model.read(registers::saturated_words);
  }
  MESSAGE(key, ": ", total.updates, " cell updates in ", total.steps, " steps, ", total.saturated_states,
          " saturated states, ", total.saturated_words, " saturated words, 0 differences");
  return total;
}

Total compare(const std::string& key, const std::string& name, int arrays, int most_steps, std::uint64_t seed) {
  return compare(key, configuration(name), 0, arrays, most_steps, seed);
}

Total tiny(int arrays) { return compare("tiny", "tiny", arrays, 60, 1); }

void any_lanes(int arrays, int anchored_arrays) {
  for (const char* key : {"tiny_1", "tiny_2", "tiny_16"}) compare(key, "tiny", arrays, 40, 2);
  compare("anchored_16", "anchored", anchored_arrays, 40, 3);
}

void other_formats(int arrays, std::uint64_t least_updates) {
  for (const Configuration& c : {tiny_short(), tiny_narrow()}) {
    const std::string& key = c.name;
    CAPTURE(key);
    const auto rtl = make_rtl_device(key, {});
    CHECK(rtl->read(registers::config_hash_lo) == static_cast<std::uint32_t>(c.hash()));
    CHECK(rtl->read(registers::config_hash_hi) == static_cast<std::uint32_t>(c.hash() >> 32));
    const Total total = compare(key, c, 0, arrays, 60, 8);
    CHECK(total.saturated_states > 1000);
    CHECK(total.saturated_words > 1000);
    CHECK(total.updates > least_updates);
  }
}

/// Cell updates compared.
std::uint64_t presets(int most_steps) {
  std::uint64_t updates = 0;
  updates += compare("anchored", "anchored", 9, most_steps, 4).updates;
  updates += compare("paper", "paper", 6, most_steps, 5).updates;
  updates += compare("wide", "wide", 6, most_steps, 6).updates;
  return updates;
}

/// Cell updates compared.
std::uint64_t map(int arrays) { return compare("map", "map", arrays, 8, 7).updates; }

/// Cell updates compared.
std::uint64_t whole_unet(int first_unet, int unet_steps) {
  const Total unet = compare("unet", configuration("unet"), first_unet, 3, unet_steps, 22);
  CHECK(unet.steps >= 6);
  CHECK(unet.saturated_states > 1000);
  return unet.updates;
}

}  // namespace

TEST_CASE("RTL equals model: tiny, every feature") {
  const Total total = tiny(9);
  CHECK(total.saturated_states > 1000);
  CHECK(total.saturated_words > 1000);
  CHECK(total.updates > 250000);
}

TEST_CASE("RTL equals model: any number of lanes, the same bits") { any_lanes(2, 1); }

TEST_CASE("RTL equals model: other formats, rounding and cutting") { other_formats(3, 80000); }

TEST_CASE("RTL equals model: anchored, paper, wide") { CHECK(presets(40) > 250000); }

// Of a whole U-Net maps/rtl_shipped_maps_test.cpp compares a step and one of the window.
TEST_CASE("RTL equals model: maps") { CHECK(map(2) > 50000); }

// `make soak`: the same seeds, and many more after them.
TEST_SUITE("soak" * doctest::skip()) {
  TEST_CASE("RTL equals model: tiny, ten million cell updates") { CHECK(tiny(280).updates > 10000000); }
  TEST_CASE("RTL equals model: any number of lanes, ten arrays each") { any_lanes(10, 4); }
  TEST_CASE("RTL equals model: other formats, a million cell updates each") { other_formats(24, 1000000); }
  TEST_CASE("RTL equals model: anchored, paper, wide, three million cell updates") { CHECK(presets(400) > 3000000); }
  TEST_CASE("RTL equals model: maps, a whole U-Net, a million cell updates") {
    CHECK(map(6) > 200000);
    CHECK(whole_unet(0, 2) > 1000000);
  }
}

TEST_CASE("RTL: a stop ends at a whole step, as if the schedule had been that long; clearing alone clears all") {
  const Configuration c = configuration("tiny");
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    const RandomArray array(c, mix64(900u + static_cast<std::uint64_t>(i)), RandomArray::Size::small, 10);
    const auto rtl = make_rtl_device("tiny", {i % 3, {}, 0, 0});
    ModelDevice model(c);
    const auto both = [&](std::uint32_t where, std::uint32_t value) {
      rtl->write(where, value);
      model.write(where, value);
    };
    load(*rtl, array);
    load(model, array);
    both(registers::segments, 1);
    both(registers::step_lo, 0);
    both(address(Memory::segment, 1), 1);

    rtl->write(address(Memory::segment, 0), 1000000);
    rtl->write(registers::control, kStartClear);
    REQUIRE(rtl->read(registers::status) == registers::kStatusBusy);  // thousands of cycles later
    CHECK_THROWS_AS(rtl->write(address(Memory::state, 0), 1), DeviceError);
    run(*rtl, registers::kControlStop);
    CHECK(rtl->read(registers::status) == (registers::kStatusStopped | registers::kStatusRefused));
    model.write(address(Memory::segment, 0), rtl->read(registers::step_lo));
    model.write(registers::control, kStartClear);
    REQUIRE(differences(*rtl, model, array, c) == 0);

    both(registers::control, registers::kControlClear);
    REQUIRE(differences(*rtl, model, array, c) == 0);
    both(address(Memory::segment, 0), 3);
    run(*rtl, kStart);
    run(model, kStart);
    REQUIRE(differences(*rtl, model, array, c) == 0);
  }
}
