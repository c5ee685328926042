#include "machine/machine_file.hpp"

#include <vector>

#include <nlohmann/json.hpp>

#include "array/model/tap_range.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "contract/configuration/configuration_file.hpp"
#include "contract/configuration/fields.hpp"
#include "machine/machine_format.hpp"
#include "machine/validate.hpp"

namespace settle {
namespace {

// One object at a time; every member is asked for by name, and none may be left over.

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

// As matrix, of columns whose number is the rank: a larger one is refused before anything is made of it.
Eigen::MatrixXd matrix_of_rank(const JsonValue& value) {
  const auto most = static_cast<std::size_t>(highest_of(&Configuration::rank));
  for (const JsonValue& row : value.items()) {
    if (row.is_list() && row.json().size() > most) row.refuse(fmt::format("a list of {} at most (the rank)", most));
  }
  return matrix(value);
}

Layer read_layer(const JsonValue& reader) {
  reader.keys({"name", "height", "width", "site_cells", "scale", "stiffness", "field", "force", "columns", "neighbours",
               "clamp", "map", "held", "unit", "noise_level"},
              {"added_map", "added_factor"});
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
  if (reader.has("added_map")) {
    layer.added_map = reader.at("added_map").text();
    if (layer.added_map.empty()) reader.at("added_map").refuse("a map (no key in its place: none)");
    layer.added_factor = vector(reader.at("added_factor"));
  }
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
    bus.tap_range = {window.at("top").integer(kLeastTapOffset, kMostTapOffset),
                     window.at("left").integer(kLeastTapOffset, kMostTapOffset),
                     window.at("height").integer(1, kMostTapSide), window.at("width").integer(1, kMostTapSide)};
  }
  bus.name = reader.at("name").text();
  bus.source = reader.at("source").integer();
  bus.target = reader.at("target").integer();
  bus.reciprocal = reader.at("reciprocal").flag();
  bus.source_matrix = matrix_of_rank(reader.at("source_matrix"));
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

Machine parse_machine(const std::string& text, const std::string& name) {
  const JsonValue reader = parse_json(text, name);
  const bool machine_file =
      reader.has("format") && reader.at("format").is_text() && reader.at("format").text() == kMachineFormat;
  if (!machine_file) throw error("{}: not a machine file: \"format\" must be \"{}\"", name, kMachineFormat);
  if (reader.at("version").integer() != kMachineVersion) {
    throw error("{}: version is {}, this program reads version {}: fit the machine again (settle fit)", name,
                reader.at("version").integer(), kMachineVersion);
  }
  reader.keys({"format", "version", "preset", "configuration", "configuration_hash", "step", "kt", "settle_steps",
               "window_steps", "encoder", "decoder", "fit", "fit_mean", "layers", "buses", "interface"},
              {"configuration_fields"});
  Machine machine;
  machine.preset = reader.at("preset").text();
  machine.configuration = reader.at("configuration").text();
  machine.configuration_hash = reader.at("configuration_hash").text();
  if (reader.has("configuration_fields")) {
    machine.own_configuration =
        read_configuration_fields(reader.at("configuration_fields"), machine.configuration, name);
  }
  machine.step = reader.at("step").number();
  machine.kt = reader.at("kt").number();
  machine.settle_steps = reader.at("settle_steps").integer();
  machine.window_steps = reader.at("window_steps").integer();
  machine.encoder = reader.at("encoder").integer();
  machine.decoder = reader.at("decoder").integer();
  const JsonValue fit = reader.at("fit");
  fit.keys({"seed", "images", "sigma", "unet_hash"}, {"network"});
  if (fit.has("network")) machine.network = fit.at("network").text();
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
