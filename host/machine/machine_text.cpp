// Writing the machine file: by hand, because the arrangement is for people.
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "machine/machine_file.hpp"
#include "machine/machine_format.hpp"
#include "machine/validate.hpp"

namespace settle {
namespace {

// The shortest digits that read back as the same double; -0 needs a point, or JSON reads an integer.
std::string digits(double value) { return value == 0 && std::signbit(value) ? "-0.0" : fmt::format("{}", value); }

template <typename Values>
std::string list(const Values& values) {
  std::string text = "[";
  for (const auto& value : values) {
    if (text.size() > 1) text += ", ";
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) {
      text += digits(value);
    } else {
      text += std::to_string(value);
    }
  }
  return text + "]";
}

std::string rows(const Eigen::MatrixXd& m, const std::string& indent) {
  std::string text = "[";
  for (Eigen::Index r = 0; r < m.rows(); ++r) {
    text += (r == 0 ? "\n" : ",\n") + indent + "  " + list(Eigen::VectorXd(m.row(r)));
  }
  return text + "\n" + indent + "]";
}

// {"key": value, ...}, one per line, values already text.
std::string object(const std::vector<std::pair<std::string, std::string>>& members, const std::string& indent) {
  std::string text = "{";
  for (const auto& [key, value] : members) {
    text.append(text.size() == 1 ? "\n" : ",\n").append(indent).append("  ");
    text.append(quoted_json(key)).append(": ").append(value);
  }
  return text + "\n" + indent + "}";
}

std::string array(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) text += (text.size() == 1 ? "" : ", ") + item;
  return text + "]";
}

std::string fields_text(const Configuration& configuration) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto& [name, value] : field_values(configuration)) members.emplace_back(name, std::to_string(value));
  return object(members, "  ");
}

std::string layer_text(const Layer& layer) {
  std::vector<std::string> neighbours;
  for (const Neighbour& n : layer.neighbours) {
    neighbours.push_back(
        object({{"dy", std::to_string(n.dy)}, {"dx", std::to_string(n.dx)}, {"coupling", list(n.coupling)}}, "    "));
  }
  std::vector<std::pair<std::string, std::string>> members{{"name", quoted_json(layer.name)},
                                                           {"height", std::to_string(layer.height)},
                                                           {"width", std::to_string(layer.width)},
                                                           {"site_cells", std::to_string(layer.site_cells)},
                                                           {"scale", digits(layer.scale)},
                                                           {"stiffness", list(layer.stiffness)},
                                                           {"field", list(layer.field)},
                                                           {"force", list(layer.force)},
                                                           {"columns", std::to_string(layer.columns)},
                                                           {"neighbours", array(neighbours)},
                                                           {"clamp", list(layer.clamp)},
                                                           {"map", quoted_json(layer.map)}};
  if (!layer.added_map.empty()) {
    members.emplace_back("added_map", quoted_json(layer.added_map));
    members.emplace_back("added_factor", list(layer.added_factor));
  }
  members.emplace_back("held", layer.held ? "true" : "false");
  members.emplace_back("unit", list(layer.unit));
  members.emplace_back("noise_level", layer.noise_level.size() == 0 ? "[]" : rows(layer.noise_level, "    "));
  return object(members, "  ");
}

std::string window_text(const TapRange& range) {
  return fmt::format(R"({{"top": {}, "left": {}, "height": {}, "width": {}}})", range.top, range.left, range.height,
                     range.width);
}

std::string bus_text(const Bus& bus) {
  std::vector<std::pair<std::string, std::string>> members{{"name", quoted_json(bus.name)},
                                                           {"source", std::to_string(bus.source)},
                                                           {"target", std::to_string(bus.target)},
                                                           {"reciprocal", bus.reciprocal ? "true" : "false"},
                                                           {"source_matrix", rows(bus.source_matrix, "    ")}};
  // A self-bus has one matrix, written once, and one tap.
  if (bus.source != bus.target) {
    members.emplace_back("window", window_text(bus.tap_range));
    members.emplace_back("target_matrix", rows(bus.target_matrix, "    "));
  }
  return object(members, "  ");
}

std::string interface_text(const Interface& interface) {
  if (interface.source.empty()) return "null";
  return object({{"source", quoted_json(interface.source)},
                 {"target", std::to_string(interface.target)},
                 {"anchor", std::to_string(interface.anchor)},
                 {"down", rows(interface.down, "    ")},
                 {"up", rows(interface.up, "    ")},
                 {"in", rows(interface.in, "    ")},
                 {"out", rows(interface.out, "    ")},
                 {"mean_field", list(interface.mean_field)},
                 {"mean_hidden", list(interface.mean_hidden)}},
                "  ");
}

}  // namespace

std::string machine_text(const Machine& machine, const std::string& name) {
  validate(machine, name);
  std::vector<std::string> layers, buses;
  for (const Layer& layer : machine.layers) layers.push_back(layer_text(layer));
  for (const Bus& bus : machine.buses) buses.push_back(bus_text(bus));
  std::vector<std::pair<std::string, std::string>> provenance{{"seed", std::to_string(machine.fit_seed)},
                                                              {"images", std::to_string(machine.fit_images)},
                                                              {"sigma", digits(machine.sigma)}};
  if (!machine.network.empty()) provenance.emplace_back("network", quoted_json(machine.network));
  provenance.emplace_back("unet_hash", quoted_json(machine.unet_hash));
  const std::string fit = object(provenance, "  ");
  std::vector<std::pair<std::string, std::string>> members{
      {"format", quoted_json(kMachineFormat)},
      {"version", std::to_string(kMachineVersion)},
      {"preset", quoted_json(machine.preset)},
      {"configuration", quoted_json(machine.configuration)},
      {"configuration_hash", quoted_json(machine.configuration_hash)}};
  if (machine.own_configuration) members.emplace_back("configuration_fields", fields_text(*machine.own_configuration));
  members.insert(members.end(), {{"step", digits(machine.step)},
                                 {"kt", digits(machine.kt)},
                                 {"settle_steps", std::to_string(machine.settle_steps)},
                                 {"window_steps", std::to_string(machine.window_steps)},
                                 {"encoder", std::to_string(machine.encoder)},
                                 {"decoder", std::to_string(machine.decoder)},
                                 {"fit", fit},
                                 {"fit_mean", list(machine.fit_mean)},
                                 {"layers", array(layers)},
                                 {"buses", array(buses)},
                                 {"interface", interface_text(machine.interface)}});
  return object(members, "") + "\n";
}

}  // namespace settle
