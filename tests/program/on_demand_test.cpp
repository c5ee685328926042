// Machines that bring a configuration of their own, on the model and on an array that is verilated for them.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "contract/configuration/changes.hpp"
#include "machine/fixed_point/fitting_configuration.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"
#include "program/program.hpp"
#include "program/report_file.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

/// The shipped machine `anchored` with the smallest configuration that holds it, but for as many trace entries.
settle::Machine own_machine(int trace_depth) {
  settle::Machine machine = settle::load_machine(asset("anchored.machine.json"));
  settle::Configuration c = settle::fitting_configuration(machine, settle::configuration_of(machine, "a"), "a");
  c = settle::with_changes(c, {{"trace_depth", trace_depth}}, "trace_depth");
  c.name = "of-the-test";
  bring_configuration(machine, c);
  return machine;
}

/// Another number for each process that the clock can tell apart: what was never verilated before.
int new_trace_depth() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count() / 1000;
  return 256 + static_cast<int>(now % 60000);
}

}  // namespace

TEST_CASE("a machine with its own configuration gives the same on the model and on an array verilated for it") {
  const TemporaryFolder scratch;
  const fs::path file = scratch / "own.machine.json";
  save_machine(own_machine(256), file);
  const Arguments command = {"--preset", "anchored",       "--machine", file.string(),    "--samples",
                             "2",        "--settle-steps", "10",        "--window-steps", "8"};
  Json rtl = good_run(command + Arguments{"--engine", "rtl"}, scratch / "rtl");
  Json model = good_run(command + Arguments{"--engine", "model"}, scratch / "model");
  CHECK(read_file(scratch / "rtl" / "readout.csv") == read_file(scratch / "model" / "readout.csv"));
  CHECK(read_file(scratch / "rtl" / "settling.csv") == read_file(scratch / "model" / "settling.csv"));
  CHECK(rtl["decoder"] == model["decoder"]);
  CHECK(rtl["cycles"].get<double>() > 0);
  // As in its own configuration, which has fewer lanes.
  const Arguments shipped = {"--preset", "anchored", "--samples", "2", "--settle-steps", "10", "--window-steps", "8"};
  good_run(shipped + Arguments{"--engine", "model"}, scratch / "shipped");
  CHECK(read_file(scratch / "shipped" / "readout.csv") == read_file(scratch / "model" / "readout.csv"));
}

TEST_CASE("Ctrl-C while an array is verilated leaves nothing of it") {
  const TemporaryFolder scratch;
  const fs::path file = scratch / "own.machine.json";
  save_machine(own_machine(new_trace_depth()), file);
  Running running({"run", "--preset", "anchored", "--machine", file.string(), "--engine", "rtl", "--samples", "1",
                   "--out", (scratch / "out").string()});
  const fs::path engines = fs::path(SETTLE_BINARY).parent_path() / "engines";
  const std::string key = "-" + settle::load_machine(file).configuration_hash + "-";
  const auto folder = [&]() -> fs::path {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(engines, none)) {
      if (entry.path().string().find(key) != std::string::npos) return entry.path();
    }
    return {};
  };
  for (int tries = 0; tries < 1200 && (folder().empty() || !fs::exists(folder() / "verilator.log")); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  REQUIRE_FALSE(folder().empty());
  running.send(SIGINT);
  const Ended ended = running.wait();
  INFO(ended.err);
  CHECK(ended.status == 130);
  CHECK(ended.err.find("settle: configuration of-the-test is not verilated yet: that is done once, ") == 0);
  CHECK(ended.err.find("interrupted: configuration of-the-test is not verilated yet") != std::string::npos);
  CHECK(folder().empty());
  CHECK_FALSE(fs::exists(scratch / "out"));
}
