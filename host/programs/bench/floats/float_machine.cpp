#include "programs/bench/floats/float_machine.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"

namespace settle {

namespace {

constexpr int kMostSide = 1 << 16;
constexpr std::array<const char*, 3> kGrids{"same", "from_half", "from_double"};

std::vector<float> floats(const JsonValue& list, std::int64_t count) {
  std::vector<float> all;
  for (const double value : list.numbers()) all.push_back(static_cast<float>(value));
  if (count >= 0 && static_cast<std::int64_t>(all.size()) != count) list.refuse(fmt::format("a list of {}", count));
  return all;
}

FloatLayer layer_of(const JsonValue& value) {
  value.keys({"height", "width", "site_cells", "stiffness", "field_samples", "field_sites", "field", "noise", "force",
              "range"});
  FloatLayer layer;
  layer.height = value.at("height").integer(1, kMostSide);
  layer.width = value.at("width").integer(1, kMostSide);
  layer.site_cells = value.at("site_cells").integer(1, kMostSide);
  layer.stiffness = floats(value.at("stiffness"), layer.site_cells);
  layer.field_samples = value.at("field_samples").integer(1, kMostSide);
  layer.field_sites = value.at("field_sites").integer(1);
  if (layer.field_sites != 1 && layer.field_sites != layer.sites()) value.at("field_sites").refuse("1 or all sites");
  layer.field = floats(value.at("field"), std::int64_t{layer.field_samples} * layer.field_sites * layer.site_cells);
  layer.noise = static_cast<float>(value.at("noise").number());
  layer.force = floats(value.at("force"), -1);
  if (layer.force.size() == 1) value.at("force").refuse("no knot or several");
  layer.range = static_cast<float>(value.at("range").number());
  return layer;
}

FloatBus bus_of(const JsonValue& value, const std::vector<FloatLayer>& layers) {
  value.keys({"source", "target", "rank", "reciprocal", "grids", "top", "left", "height", "width", "source_matrix",
              "target_matrix"});
  const int last = static_cast<int>(layers.size()) - 1;
  FloatBus bus;
  bus.source = value.at("source").integer(0, last);
  bus.target = value.at("target").integer(0, last);
  bus.rank = value.at("rank").integer(1, kMostSide);
  bus.reciprocal = value.at("reciprocal").flag();
  const std::string grids = value.at("grids").text();
  std::size_t found = 0;
  while (found < kGrids.size() && grids != kGrids[found]) ++found;
  if (found == kGrids.size()) value.at("grids").refuse("same, from_half or from_double");
  bus.grids = static_cast<Grids>(found);
  bus.top = value.at("top").integer(-kMostSide, kMostSide);
  bus.left = value.at("left").integer(-kMostSide, kMostSide);
  bus.height = value.at("height").integer(1, kMostSide);
  bus.width = value.at("width").integer(1, kMostSide);
  const auto cells = [&](int layer) { return std::int64_t{layers[static_cast<std::size_t>(layer)].site_cells}; };
  bus.source_matrix = floats(value.at("source_matrix"), cells(bus.source) * bus.rank);
  bus.target_matrix = floats(value.at("target_matrix"), cells(bus.target) * bus.taps() * bus.rank);
  return bus;
}

}  // namespace

std::int64_t FloatMachine::cells() const {
  std::int64_t all = 0;
  for (const FloatLayer& layer : layers) all += layer.cells();
  return all;
}

std::string to_text(const FloatMachine& machine) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array(), buses = nlohmann::ordered_json::array();
  for (const FloatLayer& l : machine.layers) {
    layers.push_back({{"height", l.height},
                      {"width", l.width},
                      {"site_cells", l.site_cells},
                      {"stiffness", l.stiffness},
                      {"field_samples", l.field_samples},
                      {"field_sites", l.field_sites},
                      {"field", l.field},
                      {"noise", l.noise},
                      {"force", l.force},
                      {"range", l.range}});
  }
  for (const FloatBus& b : machine.buses) {
    buses.push_back({{"source", b.source},
                     {"target", b.target},
                     {"rank", b.rank},
                     {"reciprocal", b.reciprocal},
                     {"grids", kGrids.at(static_cast<std::size_t>(b.grids))},
                     {"top", b.top},
                     {"left", b.left},
                     {"height", b.height},
                     {"width", b.width},
                     {"source_matrix", b.source_matrix},
                     {"target_matrix", b.target_matrix}});
  }
  return to_line(nlohmann::ordered_json{{"name", machine.name},
                                        {"step", machine.step},
                                        {"samples", machine.samples},
                                        {"layers", std::move(layers)},
                                        {"buses", std::move(buses)}}) +
         "\n";
}

FloatMachine read_float_machine(const std::filesystem::path& file) {
  const JsonValue root = read_json(file);
  root.keys({"name", "step", "samples", "layers", "buses"});
  FloatMachine machine;
  machine.name = root.at("name").text();
  machine.step = static_cast<float>(root.at("step").number());
  machine.samples = root.at("samples").integer(1, kMostSide);
  for (const JsonValue& layer : root.at("layers").items()) machine.layers.push_back(layer_of(layer));
  for (const JsonValue& bus : root.at("buses").items()) machine.buses.push_back(bus_of(bus, machine.layers));
  return machine;
}

}  // namespace settle
