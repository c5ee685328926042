#include "programs/settle/info_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "generated/registers.hpp"

namespace settle {

namespace {

using Json = nlohmann::ordered_json;

const char* kind_text(FitKind kind) {
  switch (kind) {
    case FitKind::anchored:
      return "anchored";
    case FitKind::paper:
      return "paper";
    case FitKind::maps:
      return "maps";
  }
  return "";
}

Json fit_json(const Preset& preset) {
  Json json = {{"kind", kind_text(preset.kind)}};
  if (preset.kind != FitKind::maps) return json;
  json["held"] = preset.maps.held;
  json["settles"] = preset.maps.settles;
  json["interface"] = preset.maps.interface;
  json["settle_steps"] = preset.maps.settle_steps;
  json["ranks"] = Json::object();
  for (const auto& [bus, rank] : preset.maps.ranks) json["ranks"][bus] = rank;
  return json;
}

Json bounds_json(const Target& target) {
  Json json = {{"measure", target.measure}};
  if (std::isfinite(target.least)) json["least"] = target.least;
  if (std::isfinite(target.most)) json["most"] = target.most;
  json["clocked"] = target.clocked;
  return json;
}

Json layer_json(const Layer& l) {
  return {{"name", l.name},   {"map", l.map},
          {"held", l.held},   {"height", l.height},
          {"width", l.width}, {"site_cells", l.site_cells},
          {"scale", l.scale}, {"linear", l.force.empty()}};
}

Json bus_json(const Bus& b) {
  return {{"name", b.name},
          {"source", b.source},
          {"target", b.target},
          {"rank", b.source_matrix.cols()},
          {"taps_high", b.tap_range.height},
          {"taps_wide", b.tap_range.width},
          {"reciprocal", b.reciprocal}};
}

/// A number; null where JSON has none.
Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json stability_json(const Stability& s) {
  return {{"lambda_min", finite(s.lambda_min)}, {"lambda_max", finite(s.lambda_max)},
          {"radius", finite(s.radius)},         {"relaxation_steps", finite(s.relaxation_steps)},
          {"step_bound", finite(s.step_bound)}, {"one_way_cycles", s.one_way_cycles}};
}

}  // namespace

nlohmann::ordered_json configurations_json() {
  Json all = Json::array();
  for (const std::string& name : configuration_names()) {
    const Configuration c = configuration(name);
    Json fields = Json::object();
    for (const auto& [field, value] : field_values(c)) fields[field] = value;
    const Json formats = {{"state", format_text(c.state)},
                          {"operand", format_text(c.operand)},
                          {"coefficient", format_text(c.coefficient)},
                          {"word", format_text(c.word)}};
    all.push_back({{"name", c.name},
                   {"purpose", c.purpose},
                   {"hash", c.hash_text()},
                   {"step", c.step()},
                   {"fields", fields},
                   {"formats", formats}});
  }
  return all;
}

nlohmann::ordered_json registers_json() {
  Json all = Json::array();
  for (const registers::Description& d : registers::kDescriptions) {
    all.push_back({{"kind", d.kind}, {"number", d.number}, {"name", d.name}, {"access", d.access}, {"text", d.text}});
  }
  int number = 0;
  for (const auto& [name, value] : field_values(Configuration{})) {
    all.push_back({{"kind", "field"},
                   {"number", number++},
                   {"name", name},
                   {"access", ""},
                   {"text", "word of the memory configuration"}});
  }
  return all;
}

nlohmann::ordered_json presets_json(const std::vector<Preset>& presets, const std::filesystem::path& assets) {
  Json all = Json::array();
  for (const Preset& preset : presets) {
    Json targets = Json::array();
    for (const Target& target : preset.targets) targets.push_back(bounds_json(target));
    all.push_back({{"name", preset.name},
                   {"purpose", preset.purpose},
                   {"configuration", preset.configuration},
                   {"fit", fit_json(preset)},
                   {"targets", targets},
                   {"machine_file", (assets / (preset.name + ".machine.json")).string()}});
  }
  return all;
}

nlohmann::ordered_json machine_json(const MachineFacts& facts) {
  const Machine& m = facts.machine;
  Json layers = Json::array(), buses = Json::array(), objections = Json::array();
  std::int64_t cells = 0;
  for (const Layer& layer : m.layers) {
    layers.push_back(layer_json(layer));
    cells += layer.cells();
  }
  for (const Bus& bus : m.buses) buses.push_back(bus_json(bus));
  if (!facts.other_build.empty()) objections.push_back("not for this build: " + facts.other_build);
  if (!facts.unfit.empty()) objections.push_back(facts.unfit);
  Json interface = nullptr;
  if (!m.interface.source.empty()) {
    interface = {{"source", m.interface.source}, {"weights", m.interface.parameters()}};
  }
  return {{"path", facts.path.string()},
          {"preset", m.preset},
          {"configuration", m.configuration},
          {"configuration_hash", m.configuration_hash},
          {"step", m.step},
          {"kt", m.kt},
          {"settle_steps", m.settle_steps},
          {"window_steps", m.window_steps},
          {"fit", {{"seed", m.fit_seed}, {"images", m.fit_images}, {"sigma", m.sigma}, {"unet_hash", m.unet_hash}}},
          {"cells", cells},
          {"layers", layers},
          {"buses", buses},
          {"interface", interface},
          {"stability", facts.stability ? stability_json(*facts.stability) : Json(nullptr)},
          {"runs_here", facts.runs_here()},
          {"objections", objections}};
}

}  // namespace settle
