#include "study/sweep/plan.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "base/json.hpp"
#include "contract/configuration/changes.hpp"
#include "device/engine_names.hpp"
#include "machine/machine.hpp"
#include "network/graph/graph.hpp"

namespace settle {

namespace {

using nlohmann::json;

constexpr std::array<const char*, 10> kKeys = {"preset", "engine",  "samples",      "seed",         "sigma",
                                               "kt",     "machine", "settle_steps", "window_steps", "format"};

[[noreturn]] void refuse(const std::string& origin, const std::string& where, const std::string& why) {
  throw error("{}: {}: {}", origin, where, why);
}

/// A value as the command line would have it.
std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : to_line(value); }

void check_settings(const json& settings, const std::string& origin, const std::string& where) {
  if (!settings.is_object()) refuse(origin, where, "is not an object of settings");
  for (const auto& item : settings.items()) {
    const std::string at = where + "." + item.key();
    if (std::find(kKeys.begin(), kKeys.end(), item.key()) == kKeys.end()) {
      refuse(origin, at, fmt::format("unknown; known are {}", fmt::join(kKeys, ", ")));
    }
    if (item.key() == "format") {
      if (!item.value().is_object()) refuse(origin, at, R"(an object is needed, as in {"state": "Q4.16"})");
      for (const auto& field : item.value().items()) {
        if (!field.value().is_string() && !field.value().is_number_integer()) {
          refuse(origin, at + "." + field.key(), "a whole number or a text as in \"Q4.16\" is needed");
        }
      }
    } else if (!item.value().is_string() && !item.value().is_number()) {
      refuse(origin, at, "a number or a text is needed");
    }
  }
}

std::string too_many() { return fmt::format("more than {} runs: take fewer values, or two plans", kMostPoints); }

/// The settings that an axis goes through.
std::vector<json> axis_settings(const json& axis, const std::string& origin, const std::string& where) {
  std::vector<json> all;
  const json& values = axis.is_object() && axis.size() == 1 ? axis.begin().value() : axis;
  if (values.is_array() && values.size() > kMostPoints) refuse(origin, where, too_many());
  if (axis.is_array()) {
    for (std::size_t i = 0; i < axis.size(); ++i) {
      check_settings(axis[i], origin, fmt::format("{}[{}]", where, i));
      all.push_back(axis[i]);
    }
  } else if (axis.is_object() && axis.size() == 1 && axis.begin().value().is_array()) {
    const std::string key = axis.begin().key();
    const bool of_format = key.rfind("format.", 0) == 0;
    for (const json& value : axis.begin().value()) {
      json settings = json::object();
      if (of_format) {
        settings["format"][key.substr(7)] = value;
      } else {
        settings[key] = value;
      }
      check_settings(settings, origin, where);
      all.push_back(settings);
    }
  } else {
    refuse(origin, where, R"(a list of settings or one setting with its values is needed, as in {"sigma": [0.5, 1]})");
  }
  if (all.empty()) refuse(origin, where, "has no value");
  return all;
}

void merge(json& into, const json& settings) {
  for (const auto& item : settings.items()) {
    if (item.key() == "format") {
      for (const auto& field : item.value().items()) into["format"][field.key()] = field.value();
    } else {
      into[item.key()] = item.value();
    }
  }
}

std::string varied_text(const json& varied) {
  std::vector<std::string> parts;
  for (const auto& item : varied.items()) {
    if (item.key() != "format") parts.push_back(item.key() + "=" + text_of(item.value()));
  }
  if (varied.contains("format")) {
    for (const auto& field : varied["format"].items()) parts.push_back(field.key() + "=" + text_of(field.value()));
  }
  return parts.empty() ? "as it is" : fmt::format("{}", fmt::join(parts, " "));
}

/// Points as they are found, each once.
class Points {
 public:
  /// Index of the point with these settings, which is added if it is new.
  std::size_t add(json settings, const json& varied) {
    if (settings.contains("format") && settings["format"].empty()) settings.erase("format");
    const auto known = index_.find(to_line(settings));
    if (known != index_.end()) return known->second;
    PlanPoint point;
    const bool own_formats = !settings.contains("format");
    if (!own_formats) {
      json own = settings, own_varied = varied;
      own.erase("format");
      own_varied.erase("format");
      point.reference = add(own, own_varied);
    }
    point.settings = std::move(settings);
    point.varied = varied_text(varied);
    if (own_formats) point.reference = all_.size();
    index_[to_line(point.settings)] = all_.size();
    all_.push_back(point);
    return all_.size() - 1;
  }

  std::vector<PlanPoint> take() { return std::move(all_); }

 private:
  std::vector<PlanPoint> all_;
  std::map<std::string, std::size_t> index_;
};

/// Values of one point, with the errors' origin.
class Values {
 public:
  Values(const PlanPoint& point, const std::string& origin) : point_(point), origin_(origin) {}

  bool has(const char* key) const { return point_.settings.contains(key); }

  std::string text(const char* key) const {
    const json& value = point_.settings[key];
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) refuse(origin_, key, "a text is needed");
    return value.get<std::string>();
  }

  template <typename Number>
  Number whole(const char* key, std::uint64_t least, std::uint64_t most) const {
    const json& value = point_.settings[key];
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least || value.get<std::uint64_t>() > most) {
      refuse(origin_, key, fmt::format("{} is not a whole number from {} to {}", to_line(value), least, most));
    }
    return static_cast<Number>(value.get<std::uint64_t>());
  }

  double real(const char* key, double least, double most) const {
    const json& value = point_.settings[key];
    if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most)) {
      refuse(origin_, key, fmt::format("{} is not a number from {} to {}", to_line(value), least, most));
    }
    return value.get<double>();
  }

 private:
  const PlanPoint& point_;
  const std::string& origin_;
};

}  // namespace

std::vector<PlanPoint> parse_plan(const std::string& text, const std::string& origin) {
  const json root = parse_json(text, origin).json();  // keys sorted: settings are compared as text
  if (!root.is_object()) throw error("{}: an object with \"axes\" and perhaps \"run\" is needed", origin);
  for (const auto& item : root.items()) {
    if (item.key() != "run" && item.key() != "axes") refuse(origin, item.key(), "unknown; known are run, axes");
  }
  const json run = root.value("run", json::object());
  check_settings(run, origin, "run");
  if (!root.contains("axes") || !root["axes"].is_array())
    refuse(origin, "axes", "missing or not a list; [] has the one run of \"run\"");
  std::vector<json> product = {json::object()};
  for (std::size_t a = 0; a < root["axes"].size(); ++a) {
    const std::vector<json> values = axis_settings(root["axes"][a], origin, fmt::format("axes[{}]", a));
    std::vector<json> longer;
    if (product.size() * values.size() > kMostPoints) {
      refuse(origin, "axes", too_many());
    }
    for (const json& before : product) {
      for (const json& value : values) {
        longer.push_back(before);
        merge(longer.back(), value);
      }
    }
    product = std::move(longer);
  }
  Points points;
  for (const json& varied : product) {
    json settings = run;
    merge(settings, varied);
    points.add(settings, varied);
  }
  return points.take();
}

RunOptions options_of(const PlanPoint& point, const RunOptions& base, const std::string& origin) {
  const Values values(point, origin);
  RunOptions options = base;
  options.engine = kEnsembleEngine;
  if (values.has("preset")) options.preset = values.text("preset");
  if (values.has("engine")) options.engine = values.text("engine");
  if (values.has("machine")) options.machine = values.text("machine");
  if (values.has("samples")) options.samples = values.whole<int>("samples", 1, kMostSamples);
  if (values.has("seed")) {
    options.seed = values.whole<std::uint64_t>("seed", 0, std::numeric_limits<std::uint64_t>::max());
  }
  if (values.has("sigma")) options.sigma = values.real("sigma", kSigmaMin, kSigmaMax);
  if (values.has("kt")) options.kt = values.real("kt", 0, std::numeric_limits<double>::max());
  if (values.has("settle_steps")) options.settle_steps = values.whole<int>("settle_steps", 0, kMostSettleSteps);
  if (values.has("window_steps")) options.window_steps = values.whole<int>("window_steps", 1, kMostWindowSteps);
  if (values.has("format")) {
    for (const auto& field : point.settings["format"].items()) {
      add_change(options.format, field.key() + "=" + text_of(field.value()), origin + ": format");
    }
    check_changes(options.format, origin + ": format");
  }
  return options;
}

}  // namespace settle
