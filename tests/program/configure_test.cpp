// `settle configure`: the configuration that a machine needs.
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "contract/configuration/configuration_file.hpp"
#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace fs = std::filesystem;

TEST_CASE("settle configure: the entry that a machine needs, and its memories") {
  const TemporaryFolder scratch;
  const fs::path out = scratch / "entry.json";
  const Ended ended = run({"configure", "--machine", asset("map-bus.machine.json").string(), "--out", out.string()});
  INFO(ended.err);
  REQUIRE(ended.status == 0);
  CHECK(ended.err == "");
  const auto found = settle::parse_configurations(read_file(out), "entry.json");
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "map_bus");
  // Three maps of 7 x 7, 4 x 4 and 7 x 7 sites of 64 cells.
  CHECK(found[0].cells == (49 + 16 + 49) * 64);
  CHECK(found[0].side == 7);
  CHECK(found[0].lanes == 16);
  CHECK(Json::parse(read_file(out))["configurations"]["map_bus"]["format"] == "q4_12");
  // 456 rows of 16 states, for which 512 are made; two banks of 24 bits: 384 kbit.
  CHECK(ended.out.find("states, two banks            384.0\n") != std::string::npos);
  CHECK(ended.out.find(found[0].hash_text()) != std::string::npos);

  const Ended printed = run({"configure", "--machine", asset("map-bus.machine.json").string()});
  CHECK(printed.out == read_file(out));
  CHECK(printed.err.find("states, two banks") != std::string::npos);
}

TEST_CASE("settle configure: what cannot be read or written") {
  const TemporaryFolder scratch;
  const auto refused = [](const Arguments& arguments, const std::string& part) {
    const Ended ended = run(Arguments{"configure"} + arguments);
    INFO(ended.err);
    CHECK(ended.status != 0);
    CHECK(ended.one_line());
    CHECK(ended.out == "");
    CHECK(ended.err.find(part) != std::string::npos);
  };
  const std::string machine = (scratch / "m.json").string();
  refused({}, "--machine");
  refused({"--machine", machine}, machine);
  write_file(machine, "{}");
  refused({"--machine", machine}, "not a machine file");
  refused({"--machine", machine, "--out", machine}, "--out");
  refused({"--machine", machine, "--out", (scratch / "m.json" / "x").string()}, "--out");
}
