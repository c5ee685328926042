#include "machine/machine_file.hpp"

#include <cmath>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"

namespace settle {
namespace {

constexpr const char* kFormat = "settle-machine";
constexpr int kVersion = 2;

// ---- Writing: by hand, because the arrangement is for people.

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

// {"key": value, ...}, one a line, values already text.
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

std::string layer_text(const Layer& layer) {
  std::vector<std::string> neighbours;
  for (const Neighbour& n : layer.neighbours) {
    neighbours.push_back(
        object({{"dy", std::to_string(n.dy)}, {"dx", std::to_string(n.dx)}, {"coupling", list(n.coupling)}}, "    "));
  }
  return object({{"name", quoted_json(layer.name)},
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
                 {"map", quoted_json(layer.map)},
                 {"held", layer.held ? "true" : "false"},
                 {"unit", list(layer.unit)},
                 {"noise_level", layer.noise_level.size() == 0 ? "[]" : rows(layer.noise_level, "    ")}},
                "  ");
}

std::string window_text(const Window& window) {
  return fmt::format(R"({{"top": {}, "left": {}, "height": {}, "width": {}}})", window.top, window.left, window.height,
                     window.width);
}

std::string bus_text(const Bus& bus) {
  std::vector<std::pair<std::string, std::string>> members{{"name", quoted_json(bus.name)},
                                                           {"source", std::to_string(bus.source)},
                                                           {"target", std::to_string(bus.target)},
                                                           {"reciprocal", bus.reciprocal ? "true" : "false"},
                                                           {"source_matrix", rows(bus.source_matrix, "    ")}};
  // A self-bus has one matrix, written once, and one tap.
  if (bus.source != bus.target) {
    members.emplace_back("window", window_text(bus.window));
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

// ---- Reading: one object at a time; every member is asked for by name, and none may be left over.

Eigen::VectorXd vector(const JsonValue& value) {
  const std::vector<double> values = value.numbers();
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

Eigen::MatrixXd matrix(const JsonValue& value) {
  const std::vector<std::vector<double>> rows = value.rows();
  Eigen::MatrixXd result;
  if (rows.empty()) return result;
  const auto columns = static_cast<Eigen::Index>(rows[0].size());
  result.resize(static_cast<Eigen::Index>(rows.size()), columns);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    result.row(static_cast<Eigen::Index>(r)) = Eigen::Map<const Eigen::RowVectorXd>(rows[r].data(), columns);
  }
  return result;
}

Layer read_layer(const JsonValue& reader) {
  reader.keys({"name", "height", "width", "site_cells", "scale", "stiffness", "field", "force", "columns", "neighbours",
               "clamp", "map", "held", "unit", "noise_level"});
  Layer layer;
  layer.name = reader.at("name").text();
  layer.height = reader.at("height").integer();
  layer.width = reader.at("width").integer();
  layer.site_cells = reader.at("site_cells").integer();
  layer.scale = reader.at("scale").number();
  layer.stiffness = vector(reader.at("stiffness"));
  layer.field = vector(reader.at("field"));
  layer.force = reader.at("force").numbers();
  layer.columns = reader.at("columns").integer();
  for (const JsonValue& item : reader.at("neighbours").items()) {
    item.keys({"dy", "dx", "coupling"});
    layer.neighbours.push_back({item.at("dy").integer(), item.at("dx").integer(), vector(item.at("coupling"))});
  }
  layer.clamp = reader.at("clamp").flags();
  layer.map = reader.at("map").text();
  layer.held = reader.at("held").flag();
  layer.unit = vector(reader.at("unit"));
  layer.noise_level = matrix(reader.at("noise_level"));
  return layer;
}

Bus read_bus(const JsonValue& reader) {
  Bus bus;
  const bool self =
      reader.has("source") && reader.has("target") && reader.at("source").integer() == reader.at("target").integer();
  if (self) {
    if (reader.has("window") || reader.has("target_matrix")) {
      reader.fail("a bus to itself has no window and no target_matrix");
    }
    reader.keys({"name", "source", "target", "reciprocal", "source_matrix"});
  } else {
    reader.keys({"name", "source", "target", "reciprocal", "source_matrix", "window", "target_matrix"});
    const JsonValue window = reader.at("window");
    window.keys({"top", "left", "height", "width"});
    bus.window = {window.at("top").integer(-8, 7), window.at("left").integer(-8, 7), window.at("height").integer(1, 16),
                  window.at("width").integer(1, 16)};
  }
  bus.name = reader.at("name").text();
  bus.source = reader.at("source").integer();
  bus.target = reader.at("target").integer();
  bus.reciprocal = reader.at("reciprocal").flag();
  bus.source_matrix = matrix(reader.at("source_matrix"));
  bus.target_matrix = self ? bus.source_matrix : matrix(reader.at("target_matrix"));
  return bus;
}

Interface read_interface(const JsonValue& reader) {
  reader.keys({"source", "target", "anchor", "down", "up", "in", "out", "mean_field", "mean_hidden"});
  Interface interface;
  interface.source = reader.at("source").text();
  if (interface.source.empty()) reader.at("source").refuse("a map (null in the interface's place: no interface)");
  interface.target = reader.at("target").integer();
  interface.anchor = reader.at("anchor").integer();
  interface.down = matrix(reader.at("down"));
  interface.up = matrix(reader.at("up"));
  interface.in = matrix(reader.at("in"));
  interface.out = matrix(reader.at("out"));
  interface.mean_field = vector(reader.at("mean_field"));
  interface.mean_hidden = vector(reader.at("mean_hidden"));
  return interface;
}

}  // namespace

std::string machine_text(const Machine& machine, const std::string& name) {
  validate(machine, name);
  std::vector<std::string> layers, buses;
  for (const Layer& layer : machine.layers) layers.push_back(layer_text(layer));
  for (const Bus& bus : machine.buses) buses.push_back(bus_text(bus));
  const std::string fit = object({{"seed", std::to_string(machine.fit_seed)},
                                  {"images", std::to_string(machine.fit_images)},
                                  {"sigma", digits(machine.sigma)},
                                  {"unet_hash", quoted_json(machine.unet_hash)}},
                                 "  ");
  return object({{"format", quoted_json(kFormat)},
                 {"version", std::to_string(kVersion)},
                 {"preset", quoted_json(machine.preset)},
                 {"configuration", quoted_json(machine.configuration)},
                 {"configuration_hash", quoted_json(machine.configuration_hash)},
                 {"step", digits(machine.step)},
                 {"kt", digits(machine.kt)},
                 {"settle_steps", std::to_string(machine.settle_steps)},
                 {"window_steps", std::to_string(machine.window_steps)},
                 {"encoder", std::to_string(machine.encoder)},
                 {"decoder", std::to_string(machine.decoder)},
                 {"fit", fit},
                 {"fit_mean", list(machine.fit_mean)},
                 {"layers", array(layers)},
                 {"buses", array(buses)},
                 {"interface", interface_text(machine.interface)}},
                "") +
         "\n";
}

Machine parse_machine(const std::string& text, const std::string& name) {
  const JsonValue reader = parse_json(text, name);
  const bool machine_file =
      reader.has("format") && reader.at("format").is_text() && reader.at("format").text() == kFormat;
  if (!machine_file) throw error("{}: not a machine file: \"format\" must be \"{}\"", name, kFormat);
  if (reader.at("version").integer() != kVersion) {
    throw error("{}: version is {}, this program reads version {}", name, reader.at("version").integer(), kVersion);
  }
  reader.keys({"format", "version", "preset", "configuration", "configuration_hash", "step", "kt", "settle_steps",
               "window_steps", "encoder", "decoder", "fit", "fit_mean", "layers", "buses", "interface"});
  Machine machine;
  machine.preset = reader.at("preset").text();
  machine.configuration = reader.at("configuration").text();
  machine.configuration_hash = reader.at("configuration_hash").text();
  machine.step = reader.at("step").number();
  machine.kt = reader.at("kt").number();
  machine.settle_steps = reader.at("settle_steps").integer();
  machine.window_steps = reader.at("window_steps").integer();
  machine.encoder = reader.at("encoder").integer();
  machine.decoder = reader.at("decoder").integer();
  const JsonValue fit = reader.at("fit");
  fit.keys({"seed", "images", "sigma", "unet_hash"});
  machine.fit_seed = fit.at("seed").unsigned_integer();
  machine.fit_images = fit.at("images").integer();
  machine.sigma = fit.at("sigma").number();
  machine.unet_hash = fit.at("unet_hash").text();
  machine.fit_mean = vector(reader.at("fit_mean"));
  for (const JsonValue& item : reader.at("layers").items()) machine.layers.push_back(read_layer(item));
  for (const JsonValue& item : reader.at("buses").items()) machine.buses.push_back(read_bus(item));
  if (!reader.at("interface").is_null()) machine.interface = read_interface(reader.at("interface"));
  validate(machine, name);
  return machine;
}

Machine load_machine(const std::filesystem::path& path) { return parse_machine(read_text(path), path.string()); }

void save_machine(const Machine& machine, const std::filesystem::path& path) {
  write_atomically(path, machine_text(machine, path.string()));
}

}  // namespace settle
