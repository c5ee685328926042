#include "contract/presets/presets.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle {

namespace {

using Json = nlohmann::json;

constexpr int kMostSteps = 1000000;

constexpr std::pair<const char*, FitKind> kKinds[] = {
    {"anchored", FitKind::anchored}, {"paper", FitKind::paper}, {"maps", FitKind::maps}};

std::string shown(const Json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  return one_line(value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60));
}

/// One object of the file. Each member is asked for by name; errors have the file's name and the member's path.
class Reader {
 public:
  Reader(const Json& json, const std::string& origin, const std::string& where)
      : json_(json), origin_(origin), where_(where) {
    if (!json.is_object()) refuse(where.empty() ? "the file" : where, json, "an object");
  }

  void keys(std::initializer_list<const char*> needed, std::initializer_list<const char*> optional = {}) const {
    std::set<std::string> known(needed.begin(), needed.end());
    for (const std::string& key : known) {
      if (!json_.contains(key)) throw error("{}: {} is missing", origin_, path(key));
    }
    known.insert(optional.begin(), optional.end());
    for (const auto& item : json_.items()) {
      if (known.count(item.key()) == 0) {
        throw error("{}: {} is not a known key; known are {}", origin_, one_line(path(item.key())),
                    fmt::join(known, ", "));
      }
    }
  }

  bool has(const char* key) const { return json_.contains(key); }

  std::string text(const char* key) const { return text_of(json_.at(key), path(key)); }

  bool flag(const char* key) const {
    if (!json_.at(key).is_boolean()) refuse(path(key), json_.at(key), "true or false");
    return json_.at(key).get<bool>();
  }

  int whole(const std::string& key, int least, int most) const {
    const Json& value = json_.at(key);
    if (!value.is_number_integer() || value < least || value > most) {
      refuse(path(key), value, fmt::format("a whole number from {} to {}", least, most));
    }
    return value.get<int>();
  }

  std::optional<double> number(const char* key) const {
    if (!has(key)) return {};
    if (!json_.at(key).is_number()) refuse(path(key), json_.at(key), "a finite number");
    return json_.at(key).get<double>();
  }

  Reader child(const std::string& key) const { return {json_.at(key), origin_, path(key)}; }

  std::vector<Reader> children(const char* key) const {
    std::vector<Reader> result;
    each(key, [&](const Json& item, const std::string& where) { result.emplace_back(item, origin_, where); });
    return result;
  }

  /// A list of texts, none of them twice.
  std::vector<std::string> names(const char* key) const {
    std::vector<std::string> result;
    each(key, [&](const Json& item, const std::string& where) {
      const std::string name = text_of(item, where);
      if (std::find(result.begin(), result.end(), name) != result.end()) refuse(where, item, "another name");
      result.push_back(name);
    });
    if (result.empty()) refuse(path(key), json_.at(key), "a list of one name at least");
    return result;
  }

  std::map<std::string, int> wholes(const char* key, int least, int most) const {
    const Reader object = child(key);
    std::map<std::string, int> result;
    for (const auto& item : object.json_.items()) result[item.key()] = object.whole(item.key(), least, most);
    return result;
  }

  [[noreturn]] void refuse(const char* key, const std::string& needed) const {
    refuse(path(key), json_.at(key), needed);
  }
  [[noreturn]] void fail(const std::string& why) const { throw error("{}: {}: {}", origin_, where_, why); }

 private:
  std::string path(const std::string& key) const { return where_.empty() ? key : where_ + "." + key; }

  [[noreturn]] void refuse(const std::string& where, const Json& value, const std::string& needed) const {
    throw error("{}: {} is {}, {} is needed", origin_, one_line(where), shown(value), needed);
  }

  /// A text that fits on a line and says something.
  std::string text_of(const Json& value, const std::string& where) const {
    if (!value.is_string() || value.get<std::string>().empty()) refuse(where, value, "a text");
    std::string text = value.get<std::string>();
    if (one_line(text) != text) refuse(where, value, "a text of one line");
    return text;
  }

  template <typename Action>
  void each(const char* key, const Action& action) const {
    const Json& items = json_.at(key);
    if (!items.is_array()) refuse(path(key), items, "a list");
    for (std::size_t i = 0; i < items.size(); ++i) action(items[i], fmt::format("{}[{}]", path(key), i));
  }

  const Json& json_;
  const std::string& origin_;
  std::string where_;
};

MapPlan read_maps(const Reader& fit) {
  fit.keys({"kind", "held", "settles", "interface", "settle_steps", "ranks"});
  MapPlan plan;
  plan.held = fit.names("held");
  plan.settles = fit.names("settles");
  for (const std::string& map : plan.settles) {
    if (std::count(plan.held.begin(), plan.held.end(), map) > 0) fit.fail(map + " is held, so it cannot settle");
  }
  plan.interface = fit.flag("interface");
  plan.settle_steps = fit.whole("settle_steps", 1, kMostSteps);
  plan.ranks = fit.wholes("ranks", 1, kMostRank);
  return plan;
}

void read_fit(const Reader& fit, Preset& preset) {
  const std::string kind = fit.text("kind");
  const auto* const found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto& k) { return k.first == kind; });
  if (found == std::end(kKinds)) fit.refuse("kind", "\"anchored\", \"paper\" or \"maps\"");
  preset.kind = found->second;
  if (preset.kind == FitKind::maps) {
    preset.maps = read_maps(fit);
  } else {
    fit.keys({"kind"});
  }
}

Target read_target(const Reader& reader) {
  reader.keys({"measure"}, {"least", "most", "clocked"});
  Target target;
  target.measure = reader.text("measure");
  const std::optional<double> least = reader.number("least"), most = reader.number("most");
  if (!least && !most) reader.fail("least or most is needed");
  target.least = least.value_or(target.least);
  target.most = most.value_or(target.most);
  target.clocked = reader.has("clocked") && reader.flag("clocked");
  if (target.least > target.most) reader.refuse("most", fmt::format("{} or above, as least is,", target.least));
  return target;
}

Preset read_preset(const Reader& reader) {
  reader.keys({"name", "purpose", "configuration", "fit", "targets"});
  Preset preset;
  preset.name = reader.text("name");
  const bool plain = preset.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!plain || preset.name.front() == '-') reader.refuse("name", "a name of small letters, digits and \"-\"");
  preset.purpose = reader.text("purpose");
  preset.configuration = reader.text("configuration");
  const std::vector<std::string> known = configuration_names();
  if (std::find(known.begin(), known.end(), preset.configuration) == known.end()) {
    reader.refuse("configuration", fmt::format("one of {}", fmt::join(known, ", ")));
  }
  const Reader fit = reader.child("fit");
  read_fit(fit, preset);
  for (const Reader& item : reader.children("targets")) {
    const Target target = read_target(item);
    for (const Target& other : preset.targets) {
      if (other.measure == target.measure) item.refuse("measure", "a measure without a target so far");
    }
    preset.targets.push_back(target);
  }
  return preset;
}

/// JSON lets a key stand twice and keeps the last; here that is an error.
Json parse_json(const std::string& text, const std::string& origin) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
      throw error("{}: the key {} stands twice in one object", origin, shown(parsed));
    }
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error& failure) {
    throw error("{}: not JSON at byte {} of {}", origin, failure.byte, text.size());
  } catch (const Json::exception&) {
    throw error("{}: a number that no double can hold", origin);
  }
}

}  // namespace

std::vector<Preset> parse_presets(const std::string& text, const std::string& origin) {
  const Json json = parse_json(text, origin);
  const Reader file(json, origin, "");
  file.keys({"presets"});
  std::vector<Preset> presets;
  for (const Reader& item : file.children("presets")) {
    const Preset preset = read_preset(item);
    for (const Preset& other : presets) {
      if (other.name == preset.name) item.refuse("name", "a name that no other preset has");
    }
    presets.push_back(preset);
  }
  if (presets.empty()) file.refuse("presets", "a list of one preset at least");
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
