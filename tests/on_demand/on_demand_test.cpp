// Arrays that are verilated when they are asked for: bits, one at a time, interrupts, sources that are gone or broken.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/process.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "device/driver/loaded_array.hpp"
#include "device/model_device.hpp"
#include "error_message.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "fixed_point/large_machine.hpp"
#include "machine/fixed_point/fitting_configuration.hpp"
#include "sim/on_demand/on_demand_engines.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using namespace settle_test;

namespace fs = std::filesystem;

namespace {

/// Layers of 3 x 3 sites, of 12 cells each: four lanes, and nothing of them in any configuration that ships.
Machine small_maps() { return map_machine(false, 0, true); }

Configuration configuration_for(const Machine& machine) {
  Configuration c = fitting_configuration(machine, configuration("tiny"), "test");
  c.name = "of-the-test";
  return c;
}

/// What a run leaves: states, sums, traced overlaps, counters.
std::vector<std::int64_t> results(LoadedArray& array) {
  std::vector<std::int64_t> all;
  for (const std::int32_t x : array.driver().states()) all.push_back(x);
  for (const std::int64_t x : array.driver().sums(0, array.cells())) all.push_back(x);
  for (const std::int64_t x : array.driver().squares(0, array.cells())) all.push_back(x);
  for (const TraceEntry& entry : array.driver().trace()) all.insert(all.end(), {entry.overlap, entry.square});
  return all;
}

std::vector<std::int64_t> settled(std::unique_ptr<Device> device, const Machine& machine, const Configuration& c,
                                  double kt, int steps) {
  LoadedArray array(std::move(device), std::make_shared<const FixedMachine>(machine, c, "test", machine.decoder));
  array.set_noise(5);
  array.driver().set_trace_stride(1);
  array.set_schedule({{1, false}, {steps, true}}, kt);
  array.run({true, true}, nullptr);
  return results(array);
}

EngineCache cache_in(const fs::path& folder, const fs::path& tree = SETTLE_SOURCE_DIR,
                     const std::function<bool()>& stop = {},
                     const std::function<void(const std::string&)>& notice = {}) {
  return EngineCache({tree, folder}, stop, notice);
}

/// A tree that has what engines are made of.
void copy_sources(const fs::path& to) {
  for (const char* part : {"rtl", "sim"}) {
    fs::create_directories(to / part);
    fs::copy(fs::path(SETTLE_SOURCE_DIR) / part, to / part, fs::copy_options::recursive);
  }
}

/// The folder in which a library begins to be made: it is given up as soon as that is there.
fs::path begun_folder(const fs::path& cache, const Configuration& c) {
  fs::path folder;
  const auto seen = [&] {
    for (const auto& entry : fs::directory_iterator(cache)) folder = entry.path();
    return true;
  };
  CHECK_THROWS_AS(cache_in(cache, SETTLE_SOURCE_DIR, seen).library(c), Stopped);
  return folder;
}

}  // namespace

TEST_CASE("an array that no build has is verilated once, and has the model's bits") {
  const TemporaryFolder scratch;
  const Machine machine = small_maps();
  const Configuration c = configuration_for(machine);
  CHECK_FALSE(is_verilated(c));
  std::atomic<int> notices{0};
  const auto notice = [&](const std::string& text) {
    ++notices;
    CHECK(contains(text, "configuration of-the-test is not verilated yet"));
  };
  // Two programs at once: one makes it, the other waits.
  const auto library = [&] { return cache_in(scratch / "cache", SETTLE_SOURCE_DIR, {}, notice).library(c); };
  std::future<fs::path> other = std::async(std::launch::async, library);
  const fs::path file = library();
  CHECK(other.get() == file);
  CHECK(notices == 1);
  CHECK_FALSE(fs::exists(file.parent_path() / "work"));

  OnDemandEngines engines(cache_in(scratch / "cache", SETTLE_SOURCE_DIR, {}, notice));
  const std::vector<std::int64_t> expected = settled(std::make_unique<ModelDevice>(c), machine, c, 0.25, 20);
  for (const int power_up : {0, 2}) {
    std::unique_ptr<RtlDevice> device = engines.make(c, {power_up, {}, 0, 0});
    CHECK(device->engine() == "rtl");
    CHECK(device->cycles() > 0);
    CHECK(settled(std::move(device), machine, c, 0.25, 20) == expected);
  }
  CHECK(notices == 1);
  const std::unique_ptr<RtlDevice> device = engines.make(c, {});
  CHECK(contains(message_of([&] { device->read(0xf00000); }), "read of address 0xf00000 refused"));
  CHECK(contains(message_of([&] {
                   engines.make(c, {2, scratch / "w.fst", 0, 9});
                 }),
                 "--trace: configuration of-the-test is not one that this build has verilated"));

  // Lanes are no part of a configuration's hash: another number of them is another array.
  Configuration lanes = c;
  lanes.lanes = 2;
  const auto stopped = [] { return true; };
  CHECK_THROWS_AS(cache_in(scratch / "cache", SETTLE_SOURCE_DIR, stopped).library(lanes), Stopped);
  CHECK(cache_in(scratch / "cache", SETTLE_SOURCE_DIR, stopped).library(c) == file);
}

TEST_CASE("an array whose making is interrupted leaves nothing") {
  const TemporaryFolder scratch;
  const Configuration c = configuration_for(small_maps());
  const auto begun = [&] {  // Verilator has written something
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path())) {
      if (entry.path().extension() == ".cpp") return true;
    }
    return false;
  };
  CHECK_THROWS_AS(cache_in(scratch / "cache", SETTLE_SOURCE_DIR, begun).library(c), Stopped);
  CHECK(scratch.entries() == 0);
}

TEST_CASE("what is left by a program that was killed is in nobody's way") {
  const TemporaryFolder scratch;
  const Configuration c = configuration_for(small_maps());
  const fs::path folder = begun_folder(scratch / "cache", c);
  write_atomically(folder / "work" / "Vengine.cpp", "half of it");
  const auto fresh = [&] {
    CHECK_FALSE(fs::exists(folder / "work" / "Vengine.cpp"));
    return true;
  };
  CHECK_THROWS_AS(cache_in(scratch / "cache", SETTLE_SOURCE_DIR, fresh).library(c), Stopped);
  CHECK_FALSE(fs::exists(folder / "work"));
}

TEST_CASE("sources that are gone, or that cannot be verilated, are named") {
  const TemporaryFolder scratch;
  const Configuration c = configuration_for(small_maps());
  CHECK(contains(message_of([&] { cache_in(scratch / "cache", scratch / "no-tree").library(c); }),
                 "engine rtl: configuration of-the-test was not verilated in this build and cannot be now: " +
                     (scratch / "no-tree" / "sim" / "registered_array.sv").string() + " is not there"));
  const fs::path tree = scratch / "tree";
  copy_sources(tree);
  fs::remove(tree / "sim" / "on_demand" / "engine_library.cpp");
  CHECK(contains(message_of([&] { cache_in(scratch / "cache", tree).library(c); }), "engine_library.cpp is not there"));
  CHECK_FALSE(fs::exists(scratch / "cache"));
  copy_sources(scratch / "broken");
  write_atomically(scratch / "broken" / "rtl" / "saturate.sv", "module saturate; endmodul\n");
  const std::string message = message_of([&] { cache_in(scratch / "cache", scratch / "broken").library(c); });
  CHECK(contains(message, "engine rtl: configuration of-the-test cannot be verilated (exit status "));
  CHECK(contains(message, "saturate.sv"));
  CHECK(contains(message, "verilator.log)"));
  CHECK_FALSE(contains(message, "\n"));
}

TEST_CASE("a file that is no engine is refused by its name") {
  const TemporaryFolder scratch;
  const Configuration c = configuration_for(small_maps());
  const fs::path folder = begun_folder(scratch / "cache", c);
  write_atomically(folder / "engine.so", "no library");
  OnDemandEngines engines(cache_in(scratch / "cache"));
  CHECK(contains(message_of([&] { engines.make(c, {}); }), (folder / "engine.so").string() + ": cannot be loaded: "));
}

TEST_CASE("the largest array: 2^18 cells, the model's bits" * doctest::test_suite("soak") * doctest::skip()) {
  const TemporaryFolder scratch;
  const Machine machine = large_machine();
  const Configuration c = configuration_for(machine);
  REQUIRE(c.cells == 1 << 18);
  OnDemandEngines engines(cache_in(scratch / "cache"));
  CHECK(settled(engines.make(c, {}), machine, c, 0.25, 2) ==
        settled(std::make_unique<ModelDevice>(c), machine, c, 0.25, 2));
}
