#include "machine/machine_file.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "machine/machine_format.hpp"
#include "machine/validate.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;

constexpr int kMostInteger = std::numeric_limits<int>::max();

// One object at a time; every member is asked for by name, and none may be left over.

std::string kind(const Json& value) {
  if (value.is_array()) return fmt::format("a list of {}", value.size());
  if (value.is_object()) return "an object";
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 40) + "...";
  return text;
}

class Reader {
 public:
  Reader(const Json& json, std::string name, std::string where)
      : json_(json), name_(std::move(name)), where_(std::move(where)) {
    if (!json.is_object()) refuse(where_.empty() ? "the file" : where_, json, "an object");
  }

  // Throws unless the keys are exactly these: a missing one is named before an unknown one.
  void keys(std::initializer_list<const char*> names) const {
    std::set<std::string> known;
    for (const char* key : names) {
      if (!json_.contains(key)) throw error("{}: {} is missing", name_, path(key));
      known.insert(key);
    }
    for (const auto& item : json_.items()) {
      if (known.count(item.key()) == 0) throw error("{}: {} is not a known key", name_, path(item.key()));
    }
  }

  Reader child(const char* key) const { return {json_.at(key), name_, path(key)}; }
  bool null(const char* key) const { return json_.at(key).is_null(); }
  bool has(const char* key) const { return json_.contains(key); }

  std::vector<Reader> children(const char* key) const {
    std::vector<Reader> result;
    const Json& items = list_at(key);
    for (std::size_t i = 0; i < items.size(); ++i)
      result.emplace_back(items[i], name_, fmt::format("{}[{}]", path(key), i));
    return result;
  }

  std::string text(const char* key) const {
    const Json& value = json_.at(key);
    if (!value.is_string()) refuse(path(key), value, "a text");
    return value.get<std::string>();
  }

  bool flag(const char* key) const {
    const Json& value = json_.at(key);
    if (!value.is_boolean()) refuse(path(key), value, "true or false");
    return value.get<bool>();
  }

  int integer(const char* key, int least = -kMostInteger, int most = kMostInteger) const {
    return to_integer(json_.at(key), path(key), least, most);
  }

  [[noreturn]] void fail(const std::string& why) const { throw error("{}: {}: {}", name_, where_, why); }

  [[noreturn]] void refuse(const char* key, const std::string& needed) const {
    refuse(path(key), json_.at(key), needed);
  }

  std::uint64_t unsigned_integer(const char* key) const {
    const Json& value = json_.at(key);
    if (!value.is_number_unsigned()) refuse(path(key), value, "a whole number from 0");
    return value.get<std::uint64_t>();
  }

  double number(const char* key) const { return to_number(json_.at(key), path(key)); }

  std::vector<double> numbers(const char* key) const { return to_numbers(list_at(key), path(key)); }

  Eigen::VectorXd vector(const char* key) const {
    const std::vector<double> values = numbers(key);
    return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
  }

  std::vector<std::uint8_t> flags(const char* key) const {
    std::vector<std::uint8_t> result;
    const Json& items = list_at(key);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string where = fmt::format("{}[{}]", path(key), i);
      if (!items[i].is_number_integer() || (items[i] != 0 && items[i] != 1)) refuse(where, items[i], "0 or 1");
      const int value = items[i].get<int>();
      result.push_back(static_cast<std::uint8_t>(value));
    }
    return result;
  }

  Eigen::MatrixXd matrix(const char* key) const {
    const Json& items = list_at(key);
    Eigen::MatrixXd result;
    for (std::size_t r = 0; r < items.size(); ++r) {
      const std::string where = fmt::format("{}[{}]", path(key), r);
      if (!items[r].is_array()) refuse(where, items[r], "a list of numbers");
      const std::vector<double> row = to_numbers(items[r], where);
      const auto columns = static_cast<Eigen::Index>(row.size());
      if (r == 0) result.resize(static_cast<Eigen::Index>(items.size()), columns);
      if (columns != result.cols()) refuse(where, items[r], fmt::format("a list of {}, as in row 0,", result.cols()));
      result.row(static_cast<Eigen::Index>(r)) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), columns);
    }
    return result;
  }

 private:
  std::string path(const std::string& key) const { return where_.empty() ? key : where_ + "." + key; }

  [[noreturn]] void refuse(const std::string& where, const Json& value, const std::string& needed) const {
    throw error("{}: {} is {}, {} is needed", name_, where, kind(value), needed);
  }

  const Json& list_at(const char* key) const {
    const Json& value = json_.at(key);
    if (!value.is_array()) refuse(path(key), value, "a list");
    return value;
  }

  // A whole number is refused outside `least` to `most` already here, so that the message of a value of another kind
  // has the field's own range.
  int to_integer(const Json& value, const std::string& where, std::int64_t least, std::int64_t most) const {
    const bool fits =
        value.is_number_unsigned()
            ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most) &&
                  value.get<std::uint64_t>() >= static_cast<std::uint64_t>(std::max<std::int64_t>(least, 0))
            : value.is_number_integer() && value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= most;
    if (!fits) refuse(where, value, fmt::format("a whole number from {} to {}", least, most));
    return value.get<int>();
  }

  double to_number(const Json& value, const std::string& where) const {
    if (!value.is_number()) refuse(where, value, "a finite number");
    return value.get<double>();
  }

  std::vector<double> to_numbers(const Json& items, const std::string& where) const {
    std::vector<double> result;
    result.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      result.push_back(to_number(items[i], fmt::format("{}[{}]", where, i)));
    return result;
  }

  const Json& json_;
  std::string name_;
  std::string where_;
};

Layer read_layer(const Reader& reader) {
  reader.keys({"name", "height", "width", "site_cells", "scale", "stiffness", "field", "force", "columns", "neighbours",
               "clamp", "map", "held", "unit", "noise_level"});
  Layer layer;
  layer.name = reader.text("name");
  layer.height = reader.integer("height");
  layer.width = reader.integer("width");
  layer.site_cells = reader.integer("site_cells");
  layer.scale = reader.number("scale");
  layer.stiffness = reader.vector("stiffness");
  layer.field = reader.vector("field");
  layer.force = reader.numbers("force");
  layer.columns = reader.integer("columns");
  for (const Reader& item : reader.children("neighbours")) {
    item.keys({"dy", "dx", "coupling"});
    layer.neighbours.push_back({item.integer("dy"), item.integer("dx"), item.vector("coupling")});
  }
  layer.clamp = reader.flags("clamp");
  layer.map = reader.text("map");
  layer.held = reader.flag("held");
  layer.unit = reader.vector("unit");
  layer.noise_level = reader.matrix("noise_level");
  return layer;
}

Bus read_bus(const Reader& reader) {
  Bus bus;
  const bool self =
      reader.has("source") && reader.has("target") && reader.integer("source") == reader.integer("target");
  if (self) {
    if (reader.has("window") || reader.has("target_matrix")) {
      reader.fail("a bus to itself has no window and no target_matrix");
    }
    reader.keys({"name", "source", "target", "reciprocal", "source_matrix"});
  } else {
    reader.keys({"name", "source", "target", "reciprocal", "source_matrix", "window", "target_matrix"});
    const Reader window = reader.child("window");
    window.keys({"top", "left", "height", "width"});
    bus.tap_range = {window.integer("top", -8, 7), window.integer("left", -8, 7), window.integer("height", 1, 16),
                     window.integer("width", 1, 16)};
  }
  bus.name = reader.text("name");
  bus.source = reader.integer("source");
  bus.target = reader.integer("target");
  bus.reciprocal = reader.flag("reciprocal");
  bus.source_matrix = reader.matrix("source_matrix");
  bus.target_matrix = self ? bus.source_matrix : reader.matrix("target_matrix");
  return bus;
}

Interface read_interface(const Reader& reader) {
  reader.keys({"source", "target", "anchor", "down", "up", "in", "out", "mean_field", "mean_hidden"});
  Interface interface;
  interface.source = reader.text("source");
  if (interface.source.empty()) reader.refuse("source", "a map (null in the interface's place: no interface)");
  interface.target = reader.integer("target");
  interface.anchor = reader.integer("anchor");
  interface.down = reader.matrix("down");
  interface.up = reader.matrix("up");
  interface.in = reader.matrix("in");
  interface.out = reader.matrix("out");
  interface.mean_field = reader.vector("mean_field");
  interface.mean_hidden = reader.vector("mean_hidden");
  return interface;
}

// JSON lets a key stand twice and keeps the last; here that is an error.
Json parse_json(const std::string& text, const std::string& name) {
  std::vector<std::set<std::string>> open;
  std::string last_key;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key) last_key = parsed.get<std::string>();
    if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
      throw error("{}: the key {} stands twice in one object", name, parsed.dump());
    }
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error& failure) {
    const std::string place = last_key.empty() ? "" : fmt::format(" (near key \"{}\")", last_key);
    throw error("{}: not JSON at byte {} of {}{}", name, failure.byte, text.size(), place);
  } catch (const Json::out_of_range& failure) {
    const std::string what = failure.what();  // ends with the number in quotes
    const std::size_t quote = what.find('\'');
    const std::string number = quote == std::string::npos ? "" : what.substr(quote, 60);
    throw error("{}: {}: a number that no double can hold: {}", name, last_key, number);
  }
}

}  // namespace

Machine parse_machine(const std::string& text, const std::string& name) {
  const Json json = parse_json(text, name);
  if (!json.is_object() || !json.contains("format") || json.at("format") != kMachineFormat) {
    throw error("{}: not a machine file: \"format\" must be \"{}\"", name, kMachineFormat);
  }
  const Reader reader(json, name, "");
  if (!reader.has("version")) throw error("{}: version is missing", name);
  if (reader.integer("version") != kMachineVersion) {
    throw error("{}: version is {}, this program reads version {}", name, reader.integer("version"), kMachineVersion);
  }
  reader.keys({"format", "version", "preset", "configuration", "configuration_hash", "step", "kt", "settle_steps",
               "window_steps", "encoder", "decoder", "fit", "fit_mean", "layers", "buses", "interface"});
  Machine machine;
  machine.preset = reader.text("preset");
  machine.configuration = reader.text("configuration");
  machine.configuration_hash = reader.text("configuration_hash");
  machine.step = reader.number("step");
  machine.kt = reader.number("kt");
  machine.settle_steps = reader.integer("settle_steps");
  machine.window_steps = reader.integer("window_steps");
  machine.encoder = reader.integer("encoder");
  machine.decoder = reader.integer("decoder");
  const Reader fit = reader.child("fit");
  fit.keys({"seed", "images", "sigma", "unet_hash"});
  machine.fit_seed = fit.unsigned_integer("seed");
  machine.fit_images = fit.integer("images");
  machine.sigma = fit.number("sigma");
  machine.unet_hash = fit.text("unet_hash");
  machine.fit_mean = reader.vector("fit_mean");
  for (const Reader& item : reader.children("layers")) machine.layers.push_back(read_layer(item));
  for (const Reader& item : reader.children("buses")) machine.buses.push_back(read_bus(item));
  if (!reader.null("interface")) machine.interface = read_interface(reader.child("interface"));
  validate(machine, name);
  return machine;
}

Machine load_machine(const std::filesystem::path& path) { return parse_machine(read_text(path), path.string()); }

void save_machine(const Machine& machine, const std::filesystem::path& path) {
  write_atomically(path, machine_text(machine, path.string()));
}

}  // namespace settle
