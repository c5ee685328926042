// The data file of the presets: what ships, and what is refused with which words.
#include "contract/presets/presets.hpp"

#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace settle;
using Json = nlohmann::ordered_json;

namespace {

const std::filesystem::path kAssets = std::filesystem::path(SETTLE_SOURCE_DIR) / "host/assets";

/// A file of two presets, one of each sort.
Json file() {
  return Json::parse(R"({"presets": [
    {"name": "two", "purpose": "two vectors", "configuration": "anchored", "fit": {"kind": "anchored"},
     "targets": [{"measure": "decoder.cosine", "least": 0.5},
                 {"measure": "decoder.shuffled", "least": -0.25, "most": 0.25, "clocked": true}]},
    {"name": "maps-2", "purpose": "maps", "configuration": "map",
     "fit": {"kind": "maps", "held": ["e3", "b"], "settles": ["d3"], "interface": false, "settle_steps": 7,
             "ranks": {"e3-d3": 3}},
     "targets": []}]})");
}

void refused(const std::string& text, const std::string& message) {
  CHECK_THROWS_WITH_AS(parse_presets(text, "f"), message.c_str(), Error);
}

/// The file with one change is refused with this message.
void refused(const std::function<void(Json&)>& change, const std::string& message) {
  Json json = file();
  change(json["presets"]);
  refused(json.dump(), message);
}

}  // namespace

TEST_CASE("a preset file says what it says") {
  const std::vector<Preset> presets = parse_presets(file().dump(), "f");
  CHECK(preset_names(presets) == std::vector<std::string>{"two", "maps-2"});
  const Preset& two = find_preset(presets, "two", "test");
  CHECK(two.purpose == "two vectors");
  CHECK(two.configuration == "anchored");
  CHECK(two.kind == FitKind::anchored);
  REQUIRE(two.targets.size() == 2);
  CHECK(two.targets[0].measure == "decoder.cosine");
  CHECK(two.targets[0].least == 0.5);
  CHECK(two.targets[0].most == std::numeric_limits<double>::infinity());
  CHECK_FALSE(two.targets[0].clocked);
  CHECK(two.targets[1].clocked);
  CHECK(two.targets[1].least == -0.25);
  CHECK(two.targets[1].most == 0.25);
  const Preset& maps = find_preset(presets, "maps-2", "test");
  CHECK(maps.kind == FitKind::maps);
  CHECK(maps.maps.held == std::vector<std::string>{"e3", "b"});
  CHECK(maps.maps.settles == std::vector<std::string>{"d3"});
  CHECK_FALSE(maps.maps.interface);
  CHECK(maps.maps.settle_steps == 7);
  CHECK(maps.maps.ranks == std::map<std::string, int>{{"e3-d3", 3}});
  CHECK(maps.targets.empty());
  CHECK_THROWS_WITH_AS(find_preset(presets, "three", "--preset"), "--preset: three: unknown; known are two, maps-2",
                       Error);
}

TEST_CASE("the presets that ship are read, and every machine file belongs to one") {
  std::set<std::string> named, there;
  for (const std::string& name : preset_names(load_presets(kAssets / "presets.json"))) {
    named.insert(name + ".machine.json");
  }
  for (const auto& entry : std::filesystem::directory_iterator(kAssets)) {
    const std::string file = entry.path().filename().string();
    if (file.find(".machine.json") != std::string::npos) there.insert(file);
  }
  CHECK(named == there);
  CHECK_THROWS_WITH_AS(load_presets("/nowhere/presets.json"), "/nowhere/presets.json: no such file", Error);
}

TEST_CASE("what is not a preset file is refused") {
  refused("", "f: there is nothing in it, JSON is needed");
  refused("[]", "f: the file is a list of 0, an object is needed");
  refused("{}", "f: presets is missing");
  refused(R"({"presets": []})", "f: presets is a list of 0, a list of one preset at least is needed");
  refused(R"({"presets": 3})", "f: presets is 3, a list is needed");
  refused(R"({"presets": [3]})", "f: presets[0] is 3, an object is needed");
  refused(R"({"presets": [], "presets": []})", "f: the key \"presets\" stands twice in one object");
  refused(R"({"presets": [1e999]})", "f: presets: a number that no double can hold: '1e999'");
}

TEST_CASE("a preset with unknown, missing or wrong fields is refused by name and range") {
  refused([](Json& p) { p[0]["extra"] = 1; }, "f: presets[0].extra is not a known key");
  refused([](Json& p) { p[1].erase("purpose"); }, "f: presets[1].purpose is missing");
  refused([](Json& p) { p[0]["purpose"] = ""; }, "f: presets[0].purpose is \"\", a text of one line is needed");
  refused([](Json& p) { p[0]["purpose"] = "a\nb"; },
          "f: presets[0].purpose is \"a\\nb\", a text of one line is needed");
  refused([](Json& p) { p[0]["name"] = "../two"; },
          "f: presets[0].name is \"../two\", a name of small letters, digits and \"-\" is needed");
  refused([](Json& p) { p[1]["name"] = "two"; },
          "f: presets[1].name is \"two\", a name that no other preset has is needed");
  refused([](Json& p) { p[0]["configuration"] = "huge"; },
          "f: presets[0].configuration is \"huge\", one of anchored, map, paper, tiny, unet, wide is needed");
}

TEST_CASE("a fit with wrong fields is refused by name and range") {
  refused([](Json& p) { p[0]["fit"]["kind"] = "other"; },
          "f: presets[0].fit.kind is \"other\", \"anchored\", \"paper\" or \"maps\" is needed");
  refused([](Json& p) { p[0]["fit"]["held"] = 1; }, "f: presets[0].fit.held is not a known key");
  refused([](Json& p) { p[1]["fit"]["held"] = Json::array(); },
          "f: presets[1].fit.held is a list of 0, a list of one name at least is needed");
  refused([](Json& p) { p[1]["fit"]["held"][1] = "e3"; },
          "f: presets[1].fit.held[1] is \"e3\", another name is needed");
  refused([](Json& p) { p[1]["fit"]["settles"] = {"e3"}; }, "f: presets[1].fit: e3 is held, so it cannot settle");
  refused([](Json& p) { p[1]["fit"]["interface"] = 1; }, "f: presets[1].fit.interface is 1, true or false is needed");
  for (const char* value : {"0", "1000001", "2.5"}) {
    refused([&](Json& p) { p[1]["fit"]["settle_steps"] = Json::parse(value); },
            std::string("f: presets[1].fit.settle_steps is ") + value + ", a whole number from 1 to 1000000 is needed");
  }
  refused([](Json& p) { p[1]["fit"]["ranks"]["e3-d3"] = 65; },
          "f: presets[1].fit.ranks.e3-d3 is 65, a whole number from 1 to 64 is needed");
}

TEST_CASE("targets with wrong fields are refused by name and range") {
  refused([](Json& p) { p[0]["targets"][0].erase("least"); }, "f: presets[0].targets[0]: least or most is needed");
  refused([](Json& p) { p[0]["targets"][0]["least"] = "0.5"; },
          "f: presets[0].targets[0].least is \"0.5\", a finite number is needed");
  refused([](Json& p) { p[0]["targets"][1]["most"] = -0.5; },
          "f: presets[0].targets[1].most is -0.5, -0.25 or above, as least is, is needed");
  refused([](Json& p) { p[0]["targets"][1]["measure"] = "decoder.cosine"; },
          "f: presets[0].targets[1].measure is \"decoder.cosine\", a measure without a target so far is needed");
  refused([](Json& p) { p[0]["targets"][1]["bound"] = 1; }, "f: presets[0].targets[1].bound is not a known key");
}
