// What is generated from rtl/registers.json for SystemVerilog and for C++ says what the file says, field by field, and
// the map of version 5 is the one that boards have; maps that contradict themselves are refused.
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "contract/generate/package.hpp"
#include "contract/generate/register_header.hpp"
#include "contract/generate/register_map.hpp"
#include "error_message.hpp"
#include "generated/registers.hpp"
#include "temporary_folder.hpp"

namespace {

using nlohmann::json;
using namespace settle;
using settle_test::check_fails;
namespace map5 = settle::registers;

const std::string kFile = std::string(SETTLE_SOURCE_DIR) + "/rtl/registers.json";

/// site_cells -> SiteCells.
std::string camel(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '_') continue;
    const bool begins = i == 0 || name[i - 1] == '_';
    out += begins && name[i] >= 'a' ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
  }
  return out;
}

/// All that `pattern` finds in `text`: what its first group matches, and what all others do, joined by commas.
std::map<std::string, std::string> found(const std::string& text, const std::string& pattern) {
  std::map<std::string, std::string> all;
  const std::regex expression(pattern);
  for (auto m = std::sregex_iterator(text.begin(), text.end(), expression); m != std::sregex_iterator(); ++m) {
    std::string rest;
    for (std::size_t g = 2; g < m->size(); ++g) rest += (g == 2 ? "" : ",") + (*m)[g].str();
    const bool fresh = all.emplace((*m)[1].str(), rest).second;
    INFO("twice: ", (*m)[1].str());
    CHECK(fresh);
  }
  return all;
}

struct Field {
  std::string owner;
  const json* field;
  bool has_words;
};

/// Every field of the file but flags and those of operations.
std::vector<Field> fields_of(const json& root) {
  std::vector<Field> all;
  const auto add = [&](const std::string& owner, const json& list, bool has_words) {
    for (const json& f : list) all.push_back({camel(owner), &f, has_words});
  };
  add("address", root.at("address"), false);
  add("kind", root.at("link").at("kind"), false);
  for (const json& r : root.at("registers")) {
    if (r.contains("fields")) add(r.at("name"), r.at("fields"), false);
  }
  for (const json& m : root.at("memories")) {
    if (m.contains("fields")) add(m.at("name"), m.at("fields"), true);
    if (m.contains("address")) add(m.at("name").get<std::string>() + "_address", m.at("address"), false);
  }
  return all;
}

std::string number(const json& value) { return std::to_string(value.get<int>()); }

/// The map with one change to the file, which is to be refused.
template <typename Change>
void refused(Change change, const std::string& part) {
  json root = json::parse(std::ifstream(kFile));
  change(root);
  const settle_test::TemporaryFolder folder;
  const std::string path = (folder / "registers.json").string();
  std::ofstream(path) << root.dump();
  check_fails([&] { read_register_map(path); }, path + ": " + part);
}

json& memory(json& root, const std::string& name) {
  for (json& m : root["memories"]) {
    if (m["name"] == name) return m;
  }
  throw std::runtime_error("no memory " + name);
}

json& named(json& list, const std::string& name) {
  for (json& entry : list) {
    if (entry["name"] == name) return entry;
  }
  throw std::runtime_error("nothing is named " + name);
}

}  // namespace

TEST_CASE("registers.json: names and texts that no source file can hold, numbers that no link can have") {
  const std::string name = "a name of small letters, digits and _ that begins with a letter is needed";
  for (const char* bad : {"1x; int y", "", "Magic", "a b", "a\nb"}) {
    refused([&](json& root) { root["registers"][0]["name"] = bad; }, "registers[0].name is ");
    refused([&](json& root) { root["memories"][0]["name"] = bad; }, "memories[0].name is ");
  }
  refused([](json& root) { root["registers"][0]["name"] = "X"; }, "registers[0].name is \"X\", " + name);
  refused([](json& root) { root["registers"][1]["name"] = root["registers"][0]["name"]; },
          "registers: there are two of the name");
  for (const char* bad : {"say \"x\"", "a \\ b", "two\nlines", "a */ b"}) {
    refused([&](json& root) { root["memories"][0]["text"] = bad; }, "memories[0].text is ");
  }
  refused([](json& root) { root["registers"] = json::array(); }, "registers is a list of 0");
  refused([](json& root) { root["link"]["baud"] = 0; }, "link.baud is 0, a whole number from 1 to");
  refused([](json& root) { root["link"]["buffer"] = -1; }, "link.buffer is -1, a whole number from 1 to");
  refused([](json& root) { root["version"] = -1; }, "version is -1, a whole number from 1 to");
}

TEST_CASE("registers.json: the SystemVerilog package has every bit and field of it, and no others") {
  const json root = json::parse(std::ifstream(kFile));
  const std::string text =
      package_text(configuration("tiny"), read_register_map(kFile), std::vector<std::uint16_t>(256), 0);
  const auto constants = found(text, "localparam int (\\w+(?:Bit|Lsb|Word|Part|Parts)) = (\\d+);");
  std::map<std::string, std::string> wanted;
  for (const json& r : root.at("registers")) {
    if (!r.contains("bits")) continue;
    for (const json& b : r.at("bits")) wanted[camel(r.at("name")) + camel(b.at("name")) + "Bit"] = number(b.at("bit"));
  }
  const auto widths = found(text, "localparam int (\\w+W) = (\\d+);");
  std::size_t checked = 0;
  const auto add = [&](const std::string& name, const json& f, int low, bool has_words) {
    wanted[name + "Lsb"] = std::to_string(low);
    if (has_words) wanted[name + "Word"] = number(f.at("word"));
    REQUIRE(widths.count(name + "W") == 1);
    CHECK(widths.at(name + "W") == number(f.at("width")));
    ++checked;
  };
  for (const Field& f : fields_of(root)) {
    add(f.owner + camel(f.field->at("name")), *f.field, f.field->at("low").get<int>(), f.has_words);
  }
  for (const json& f : root.at("operation_fields")) {
    add("Op" + camel(f.at("name")), f, 32 * f.at("word").get<int>() + f.at("low").get<int>(), false);
  }
  for (const json& m : root.at("memories")) {
    if (!m.contains("parts")) continue;
    wanted[camel(m.at("name")) + "Parts"] = number(m.at("parts"));
  }
  CHECK(constants == wanted);
  CHECK(checked > 35);
  for (const json& r : root.at("registers")) {
    const auto line = "Reg" + camel(r.at("name")) + " = 20'd" + number(r.at("offset")) + ";";
    CHECK(settle_test::mentions(text, line));
    if (r.contains("width")) CHECK(widths.at("Reg" + camel(r.at("name")) + "W") == number(r.at("width")));
  }
  const json& frame = root.at("link").at("frame");
  CHECK(settle_test::mentions(text, "FrameFlag = 8'h" + frame.at("flag").get<std::string>().substr(2)));
  CHECK(settle_test::mentions(text, "FrameEscape = 8'h" + frame.at("escape").get<std::string>().substr(2)));
  CHECK(settle_test::mentions(text, "FrameFlip = 8'h" + frame.at("flip").get<std::string>().substr(2)));
}

TEST_CASE("registers.json: the C++ header has every bit and field of it, and no others") {
  const json root = json::parse(std::ifstream(kFile));
  const std::string text = register_header_text(read_register_map(kFile));
  std::map<std::string, std::string> flags, fields;
  for (const json& r : root.at("registers")) {
    if (r.contains("width")) fields[camel(r.at("name"))] = "0,0," + number(r.at("width")) + ",false";
    if (!r.contains("bits")) continue;
    for (const json& b : r.at("bits")) flags[camel(r.at("name")) + camel(b.at("name"))] = number(b.at("bit"));
  }
  const auto add = [&](const std::string& name, const json& f) {
    const bool is_signed = f.contains("signed") && f.at("signed").get<bool>();
    fields[name] = (f.contains("word") ? number(f.at("word")) : "0") + "," + number(f.at("low")) + "," +
                   number(f.at("width")) + (is_signed ? ",true" : ",false");
  };
  for (const Field& f : fields_of(root)) add(f.owner + camel(f.field->at("name")), *f.field);
  for (const json& f : root.at("operation_fields")) add("Operation" + camel(f.at("name")), f);
  CHECK(found(text, "uint32_t k((?:Control|Status)\\w+) = 1u << (\\d+);") == flags);
  CHECK(found(text, "BitField k(\\w+)\\{(\\d+), (\\d+), (\\d+), (true|false)\\};") == fields);
  CHECK(flags.size() >= 8);
  CHECK(fields.size() > 35);
}

// Boards that are built know these places: whoever moves one gives the map another version, and this test another list.
TEST_CASE("registers.json: the places of version 5") {
  CHECK(map5::kVersionValue == 5);
  CHECK(map5::kControlStart == 0x1);
  CHECK(map5::kControlZero == 0x2);
  CHECK(map5::kControlClear == 0x4);
  CHECK(map5::kControlStop == 0x8);
  CHECK(map5::kStatusBusy == 0x1);
  CHECK(map5::kStatusRefused == 0x2);
  CHECK(map5::kStatusStopped == 0x4);
  CHECK(map5::kStatusNoSegments == 0x8);
  const auto lies = [](const BitField& f, int word, std::uint32_t mask, bool is_signed = false) {
    return f.word == word && f.mask() == mask && f.is_signed == is_signed;
  };
  CHECK(lies(map5::kSizesLanes, 0, 0xffff));
  CHECK(lies(map5::kSizesLayers, 0, 0xffff0000));
  CHECK(lies(map5::kLayerFirst, 0, 0x3ffff));
  CHECK(lies(map5::kLayerSiteCells, 1, 0xffff));
  CHECK(lies(map5::kLayerHeight, 2, 0xffff));
  CHECK(lies(map5::kLayerWidth, 2, 0xffff0000));
  CHECK(lies(map5::kLayerColumnsLog2, 3, 0xf));
  CHECK(lies(map5::kLayerRows, 3, 0xffff0000));
  CHECK(lies(map5::kTableLeft, 0, 0xffff, true));
  CHECK(lies(map5::kTableRise, 0, 0xffff0000, true));
  CHECK(lies(map5::kSegmentSteps, 0, 0xffffffff));
  CHECK(lies(map5::kSegmentWindow, 1, 0x1));
  CHECK(lies(map5::kClampHeld, 0, 0x1));
  CHECK(lies(map5::kOperationGain, 0, 0x1e0, true));
  CHECK(lies(map5::kOperationTop, 3, 0xf, true));
  CHECK(lies(map5::kOperationLeft, 3, 0xf0, true));
  CHECK(lies(map5::kOperationHalf, 3, 0x200000));
  CHECK(lies(map5::kSumAddressCell, 0, 0x3ffff));
  CHECK(lies(map5::kSumAddressPart, 0, 0xc0000));
  CHECK(lies(map5::kAddressWord, 0, 0xfffff));
  CHECK(lies(map5::kAddressRegion, 0, 0xf00000));
  CHECK(lies(map5::kKindCode, 0, 0xf0));
  CHECK(lies(map5::kKindBytesLess1, 0, 0x3));
  CHECK(lies(map5::kSquareAddressCell, 0, 0x3ffff));
  CHECK(lies(map5::kSquareAddressPart, 0, 0xc0000));
  CHECK(map5::kSumParts == 3);
  CHECK(map5::kSquareParts == 3);
  CHECK(static_cast<int>(map5::Memory::sum) == 9);
  CHECK(static_cast<int>(map5::Memory::square) == 14);
}

TEST_CASE("registers.json: fields that are signed read back as they were put, at both ends") {
  for (const BitField& field : {map5::kOperationGain, map5::kTableLeft, map5::kTableRise}) {
    const std::int64_t half = std::int64_t{1} << (field.width - 1);
    for (const std::int64_t value : {-half, std::int64_t{-1}, std::int64_t{0}, half - 1}) {
      CHECK(value_of(field, in_place(field, value)) == value);
      CHECK(value_of(field, in_place(field, value) | ~field.mask()) == value);  // whatever lies beside it
    }
  }
  CHECK(value_of(map5::kSegmentSteps, ~0u) == 0xffffffff);
  CHECK(in_place(map5::kSegmentWindow, 3) == 1);  // cut
}

TEST_CASE("registers.json: what contradicts itself is refused, with the field's name") {
  refused([](json& r) { named(r["registers"], "control")["bits"][1]["bit"] = 0; },
          "registers.control.bits bit 0: start and zero both claim it");
  refused([](json& r) { named(r["registers"], "control")["bits"][1]["bit"] = 32; },
          "registers.control.bits.zero: 1 bits from bit 32 on do not lie in bits 0 to 31");
  refused([](json& r) { named(r["registers"], "status")["bits"][1]["name"] = "busy"; },
          "registers.status.bits.busy: there are two of this name");
  refused([](json& r) { named(r["registers"], "sizes")["fields"][1]["low"] = 8; },
          "registers.sizes.fields bit 8: lanes and layers both claim it");
  refused([](json& r) { named(r["registers"], "refresh")["width"] = 33; },
          "registers.refresh.width: 33 is not 1 to 32");
  refused([](json& r) { named(memory(r, "layer")["fields"], "rows")["word"] = 4; },
          "memories.layer.fields.rows.word: 4 is not 0 to 3");
  refused([](json& r) { memory(r, "sum")["parts"] = 5; }, "memories[8].parts is 5, a whole number from 1 to 4");
  refused([](json& r) { memory(r, "sum")["region"] = 16; }, "memories.sum.region: 16 is not 1 to 15");
  refused([](json& r) { named(r["operation_fields"], "half")["low"] = 20; },
          "operation_fields bit 116: odd_columns and half both claim it");
  refused([](json& r) { named(r["operation_fields"], "count")["width"] = 17; },
          "operation_fields.count: 17 bits from bit 16 on do not lie in bits 0 to 31");
  refused([](json& r) { r["address"][1]["name"] = "place"; }, "address: the fields word and region are needed");
  refused([](json& r) { r["link"]["kind"][1]["low"] = 1; }, "link.kind bit 1: bytes_less_1 and code both claim it");
  refused([](json& r) { r["link"]["answers"][1]["code"] = 16; },
          "link.answers[1].code is 16, a whole number from 0 to 15 is needed");
  refused([](json& r) { r["operations"][1]["code"] = 16; },
          "operations[1].code is 16, a whole number from 0 to 15 is needed");
  // A misspelt key that may be left out would silently leave the default.
  refused([](json& r) { named(r["registers"], "refresh")["widht"] = 8; }, "registers[");
  refused([](json& r) { memory(r, "layer")["fields"][0]["sgined"] = true; }, "memories[");
  refused([](json& r) { memory(r, "layer")["feilds"] = json::array(); }, "memories[");
}
