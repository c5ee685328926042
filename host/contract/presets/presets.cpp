#include "contract/presets/presets.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "contract/builtin/builtin_configurations.hpp"

namespace settle {

namespace {

constexpr std::pair<const char*, FitKind> kKinds[] = {
    {"anchored", FitKind::anchored}, {"paper", FitKind::paper}, {"maps", FitKind::maps}};

/// A text that fits on a line and says something.
std::string line_of(const JsonValue& value) {
  std::string text = value.text();
  if (text.empty() || one_line(text) != text) value.refuse("a text of one line");
  return text;
}

/// A list of texts, one at least and none of them twice.
std::vector<std::string> names_of(const JsonValue& list) {
  std::vector<std::string> names;
  for (const JsonValue& item : list.items()) {
    const std::string name = line_of(item);
    if (std::find(names.begin(), names.end(), name) != names.end()) item.refuse("another name");
    names.push_back(name);
  }
  if (names.empty()) list.refuse("a list of one name at least");
  return names;
}

MapPlan read_maps(const JsonValue& fit) {
  fit.keys({"kind", "held", "settles", "interface", "settle_steps", "ranks"});
  MapPlan plan;
  plan.held = names_of(fit.at("held"));
  plan.settles = names_of(fit.at("settles"));
  for (const std::string& map : plan.settles) {
    if (std::count(plan.held.begin(), plan.held.end(), map) > 0) fit.fail(map + " is held, so it cannot settle");
  }
  plan.interface = fit.at("interface").flag();
  plan.settle_steps = fit.at("settle_steps").integer(1, kMostSettleSteps);
  for (const auto& [bus, rank] : fit.at("ranks").members()) plan.ranks[bus] = rank.integer(1, kMostRank);
  return plan;
}

void read_fit(const JsonValue& fit, Preset& preset) {
  const std::string kind = fit.at("kind").text();
  const auto* const found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto& k) { return k.first == kind; });
  if (found == std::end(kKinds)) fit.at("kind").refuse("\"anchored\", \"paper\" or \"maps\"");
  preset.kind = found->second;
  if (preset.kind == FitKind::maps) {
    preset.maps = read_maps(fit);
  } else {
    fit.keys({"kind"});
  }
}

Target read_target(const JsonValue& json) {
  json.keys({"measure"}, {"least", "most", "clocked"});
  Target target;
  target.measure = line_of(json.at("measure"));
  if (!json.has("least") && !json.has("most")) json.fail("least or most is needed");
  if (json.has("least")) target.least = json.at("least").number();
  if (json.has("most")) target.most = json.at("most").number();
  target.clocked = json.has("clocked") && json.at("clocked").flag();
  if (target.least > target.most) json.at("most").refuse(fmt::format("{} or above, as least is,", target.least));
  return target;
}

Preset read_preset(const JsonValue& json) {
  json.keys({"name", "purpose", "configuration", "fit", "targets"});
  Preset preset;
  preset.name = line_of(json.at("name"));
  const bool plain = preset.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!plain || preset.name.front() == '-') json.at("name").refuse("a name of small letters, digits and \"-\"");
  preset.purpose = line_of(json.at("purpose"));
  preset.configuration = line_of(json.at("configuration"));
  const std::vector<std::string> known = configuration_names();
  if (std::find(known.begin(), known.end(), preset.configuration) == known.end()) {
    json.at("configuration").refuse(fmt::format("one of {}", fmt::join(known, ", ")));
  }
  read_fit(json.at("fit"), preset);
  for (const JsonValue& item : json.at("targets").items()) {
    const Target target = read_target(item);
    for (const Target& other : preset.targets) {
      if (other.measure == target.measure) item.at("measure").refuse("a measure without a target so far");
    }
    preset.targets.push_back(target);
  }
  return preset;
}

}  // namespace

std::vector<Preset> parse_presets(const std::string& text, const std::string& origin) {
  const JsonValue file = parse_json(text, origin);
  file.keys({"presets"});
  std::vector<Preset> presets;
  for (const JsonValue& item : file.at("presets").items()) {
    const Preset preset = read_preset(item);
    for (const Preset& other : presets) {
      if (other.name == preset.name) item.at("name").refuse("a name that no other preset has");
    }
    presets.push_back(preset);
  }
  if (presets.empty()) file.at("presets").refuse("a list of one preset at least");
  return presets;
}

std::vector<Preset> load_presets(const std::filesystem::path& path) {
  return parse_presets(read_text(path), path.string());
}

std::vector<std::string> preset_names(const std::vector<Preset>& presets) {
  std::vector<std::string> names;
  names.reserve(presets.size());
  for (const Preset& preset : presets) names.push_back(preset.name);
  return names;
}

const Preset& find_preset(const std::vector<Preset>& presets, const std::string& name, const std::string& what) {
  for (const Preset& preset : presets) {
    if (preset.name == name) return preset;
  }
  throw error("{}: {}: unknown; known are {}", what, one_line(name), fmt::join(preset_names(presets), ", "));
}

}  // namespace settle
