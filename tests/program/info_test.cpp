// What settle says of itself: info, devices, version and help, for people and as JSON.
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace {

std::string printed(const Arguments& arguments) {
  const Ended ended = run(arguments);
  INFO("stderr: ", ended.err);
  CHECK(ended.status == 0);
  CHECK(ended.err == "");
  return ended.out;
}

/// The entry of a list whose `key` is `value`.
Json entry(const Json& list, const char* key, const std::string& value) {
  for (const Json& item : list) {
    if (item.at(key) == value) return item;
  }
  FAIL("no entry " << value);
  return {};
}

}  // namespace

TEST_CASE("info, version and help") {
  const auto prints = [](const Arguments& arguments, const char* part) {
    const std::string out = printed(arguments);
    INFO("stdout: ", out);
    CHECK(out.find(part) != std::string::npos);
  };
  prints({"info"}, "anchored");
  prints({"info", "--configurations"}, "wide");
  prints({"info", "--registers"}, "config_hash_lo");
  prints({"info", "--registers"}, "bits 51 to 32 of an operation");
  prints({"info", "--machine", asset("paper.machine.json").string()}, "interface: 2560 weights");
  prints({"--version"}, "settle, commit ");
  prints({"--help"}, "fit");
  prints({"run", "--help"}, "--engine");
}

TEST_CASE("info --presets has a line per preset that begins with its name, as make fit reads it") {
  const Json file = Json::parse(read_file(asset("presets.json")));
  const std::string out = printed({"info", "--presets"});
  std::size_t begin = 0;
  for (const Json& preset : file["presets"]) {
    const std::string name = preset["name"];
    CHECK(out.compare(begin, name.size() + 1, name + " ") == 0);
    begin = out.find('\n', begin) + 1;
  }
  CHECK(begin == out.size());
}

TEST_CASE("info --json has the configurations with every field of rtl/configurations.json") {
  const Json info = Json::parse(printed({"info", "--json"}));
  CHECK(info["git"].is_string());
  CHECK(info.size() == 2);
  const Json file = Json::parse(read_file(std::filesystem::path(SETTLE_SOURCE_DIR) / "rtl" / "configurations.json"));
  const std::string kept =
      read_file(std::filesystem::path(SETTLE_SOURCE_DIR) / "tests/pinned/results/configurations.txt");
  REQUIRE(info["configurations"].size() == file["configurations"].size());
  for (const auto& item : file["configurations"].items()) {
    CAPTURE(item.key());
    const Json told = entry(info["configurations"], "name", item.key());
    CHECK(told["purpose"].is_string());
    const std::string hash = told["hash"];
    CHECK(kept.find(item.key() + " (" + hash + ")") != std::string::npos);
    for (const auto& field : item.value().items()) {
      if (!field.value().is_number()) continue;
      CAPTURE(field.key());
      CHECK(told["fields"].at(field.key()) == field.value());
    }
    CHECK(told["step"] == std::ldexp(1.0, -item.value()["step_shift"].get<int>()));
    CHECK(told["formats"].size() == 4);
  }
}

TEST_CASE("info --json has registers, presets and a machine if they are asked for") {
  const Json info = Json::parse(
      printed({"info", "--registers", "--presets", "--machine", asset("unet.machine.json").string(), "--json"}));
  CHECK_FALSE(info.contains("configurations"));

  CHECK(entry(info["registers"], "name", "config_hash_lo")["access"].is_string());
  CHECK(entry(info["registers"], "name", "step_shift")["kind"] == "field");

  const Json file = Json::parse(read_file(asset("presets.json")));
  REQUIRE(info["presets"].size() == file["presets"].size());
  for (std::size_t p = 0; p < file["presets"].size(); ++p) {
    Json told = info["presets"][p];
    CHECK(std::filesystem::exists(told["machine_file"].get<std::string>()));
    told.erase("machine_file");
    for (Json& target : told["targets"]) {
      if (target["clocked"] == false) target.erase("clocked");  // the file may leave it out
    }
    CHECK(told == file["presets"][p]);
  }

  const Json& machine = info["machine"];
  const Json given = Json::parse(read_file(asset("unet.machine.json")));
  for (const char* name :
       {"preset", "configuration", "configuration_hash", "step", "kt", "settle_steps", "window_steps", "fit"}) {
    CAPTURE(name);
    CHECK(machine[name] == given[name]);
  }
  CHECK(machine["runs_here"] == true);
  CHECK(machine["objections"].empty());
  CHECK(machine["interface"]["weights"] == 2560);
  CHECK(machine["interface"]["source"] == "b");
  REQUIRE(machine["layers"].size() == given["layers"].size());
  for (std::size_t l = 0; l < given["layers"].size(); ++l) {
    for (const char* name : {"name", "map", "held", "height", "width", "site_cells", "scale"}) {
      CHECK(machine["layers"][l][name] == given["layers"][l][name]);
    }
  }
  CHECK(entry(machine["buses"], "name", "d3-d2")["rank"] == 32);
  CHECK(machine["stability"]["radius"].get<double>() < 1);
}

TEST_CASE("info --json says why a machine does not run here") {
  const TemporaryFolder scratch;
  Json given = Json::parse(read_file(asset("anchored.machine.json")));
  given["configuration_hash"] = "0123456789abcdef";
  given["layers"][0]["stiffness"] = std::vector<double>(64, 7.99);
  const std::string path = (scratch / "machine.json").string();
  write_file(path, given.dump());
  const Ended ended = run({"info", "--machine", path, "--json"});
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find(path + ": not fit to run: the step is not stable") != std::string::npos);
  const Json machine = Json::parse(ended.out)["machine"];
  CHECK(machine["runs_here"] == false);
  REQUIRE(machine["objections"].size() == 2);
  CHECK(machine["objections"][0].get<std::string>().find("not for this build") == 0);
  CHECK(machine["objections"][1].get<std::string>().find("step is not stable") != std::string::npos);
  CHECK(machine["stability"]["radius"].get<double>() > 1);
}

TEST_CASE(
    "info judges a machine by what its configuration can hold before it computes anything, and fails if it cannot") {
  const TemporaryFolder scratch;
  const auto asked = [&](const std::function<void(Json&)>& change) {
    Json given = Json::parse(read_file(asset("anchored.machine.json")));
    change(given);
    write_file(scratch / "machine.json", given.dump());
    return run({"info", "--machine", (scratch / "machine.json").string()});
  };
  const auto ranked = [](int rank) {
    return [rank](Json& m) {
      for (const char* matrix : {"source_matrix", "target_matrix"}) {
        m["buses"][0][matrix] = std::vector<std::vector<int>>(64, std::vector<int>(static_cast<std::size_t>(rank), 0));
      }
    };
  };
  const Ended huge = asked(ranked(1100));
  CHECK(huge.status == 1);
  CHECK(huge.out.empty());
  CHECK(huge.err.find("buses[0].source_matrix[0] is a list of 1100, a list of 1024 at most (the rank) is needed") !=
        std::string::npos);
  const Ended large = asked(ranked(100));
  CHECK(large.status == 1);
  CHECK(large.out.find("rank 100") != std::string::npos);
  CHECK(large.out.find("eigenvalues") == std::string::npos);  // not computed
  CHECK(large.err.find("not fit to run: buses[0] rank: 100 exceeds configuration anchored: rank ") !=
        std::string::npos);
  const Ended other = asked([](Json& m) { m["configuration"] = "other"; });
  CHECK(other.status == 1);
  CHECK(other.err.find("not for this build: it has no configuration other; known are anchored, ") != std::string::npos);
}

TEST_CASE("help points to documents, not to sources") {
  for (const Arguments& arguments :
       {Arguments{"--help"}, Arguments{"run", "--help"}, Arguments{"sweep", "--help"}, Arguments{"fit", "--help"},
        Arguments{"import", "--help"}, Arguments{"devices", "--help"}, Arguments{"info", "--help"}}) {
    const std::string out = printed(arguments);
    CAPTURE(out);
    CHECK(out.find(".hpp") == std::string::npos);
    CHECK(out.find(".cpp") == std::string::npos);
    for (std::size_t at = out.find(".md"); at != std::string::npos; at = out.find(".md", at + 1)) {
      const std::size_t begin = out.find_last_of(" (\n", at) + 1;
      CHECK(std::filesystem::exists(std::filesystem::path(SETTLE_SOURCE_DIR) / out.substr(begin, at + 3 - begin)));
    }
  }
}

TEST_CASE("devices --json has the engines of this build, and each line with its status") {
  const Json all = Json::parse(printed({"devices", "--json"}));
  const Json model = entry(all["engines"], "name", "model"), rtl = entry(all["engines"], "name", "rtl");
  CHECK(model["configurations"].size() >= 6);
  const std::set<std::string> known(model["configurations"].begin(), model["configurations"].end());
  CHECK(known.count("anchored") == 1);
  CHECK(rtl["configurations"].is_array());
  CHECK(all["boards"].is_array());

  const Ended named = run({"devices", "tcp:localhost:1", "serial:/dev/null", "--json"});
  CHECK(named.status == 1);
  CHECK(named.one_line());
  const Json boards = Json::parse(named.out)["boards"];
  REQUIRE(boards.size() == 2);
  CHECK(boards[0]["name"] == "tcp:localhost:1");
  for (const Json& board : boards) {
    CHECK(board["status"] == "no board");
    CHECK(board["reason"].is_string());
    for (const char* name : {"configuration", "configuration_hash", "lanes", "cells", "hardware"}) {
      CHECK(board.at(name).is_null());
    }
  }
}
