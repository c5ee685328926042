#include "contract/configuration/configuration_file.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {

namespace {

using nlohmann::json;

int read_int(const json& object, const std::string& origin, const std::string& where, const char* key, int lowest,
             int highest) {
  const auto found = object.find(key);
  if (found == object.end()) throw error("{}: {}.{}: missing ({} to {})", origin, where, key, lowest, highest);
  if (!found->is_number_integer() || *found < lowest || *found > highest) {
    throw error("{}: {}.{}: {} is not a whole number from {} to {}", origin, where, key, found->dump(), lowest,
                highest);
  }
  return found->get<int>();
}

void refuse_unknown(const json& object, const std::set<std::string>& known, const std::string& origin,
                    const std::string& where) {
  for (const auto& item : object.items()) {
    if (known.count(item.key()) == 0) throw error("{}: {}.{}: unknown key", origin, where, item.key());
  }
}

void read_format(const json& formats, Configuration& c, const std::string& format, const std::string& origin) {
  const auto found = formats.find(format);
  if (found == formats.end()) throw error("{}: configurations.{}.format: unknown format {}", origin, c.name, format);
  const std::string where = "formats." + format;
  std::set<std::string> known;
  for (const FormatField& f : kFormatFields) {
    (c.*f.format).*f.value = read_int(*found, origin, where, f.name, f.lowest, f.highest);
    known.insert(f.name);
  }
  for (const NumberField& f : kFormatNumbers) {
    c.*f.value = read_int(*found, origin, where, f.name, f.lowest, f.highest);
    known.insert(f.name);
  }
  refuse_unknown(*found, known, origin, where);
}

Configuration read_configuration(const std::string& name, const json& object, const json& formats,
                                 const std::string& origin) {
  const std::string where = "configurations." + name;
  if (!object.is_object()) throw error("{}: {}: is not an object", origin, where);
  Configuration c;
  c.name = name;
  std::set<std::string> known{"purpose", "format"};
  for (const char* key : {"purpose", "format"}) {
    if (!object.contains(key) || !object[key].is_string()) {
      throw error("{}: {}.{}: missing or not a text", origin, where, key);
    }
  }
  c.purpose = object["purpose"].get<std::string>();
  for (const NumberField& f : kNumberFields) {
    c.*f.value = read_int(object, origin, where, f.name, f.lowest, f.highest);
    known.insert(f.name);
  }
  refuse_unknown(object, known, origin, where);
  read_format(formats, c, object["format"].get<std::string>(), origin);
  check(c, origin);
  return c;
}

}  // namespace

std::vector<Configuration> parse_configurations(const std::string& text, const std::string& origin) {
  json root;
  try {
    root = json::parse(text);
  } catch (const json::exception& e) {
    throw error("{}: not JSON: {}", origin, e.what());
  }
  for (const char* key : {"formats", "configurations"}) {
    if (!root.is_object() || !root.contains(key) || !root[key].is_object()) {
      throw error("{}: {}: missing or not an object", origin, key);
    }
  }
  refuse_unknown(root, {"formats", "configurations"}, origin, "top level");
  std::vector<Configuration> all;
  for (const auto& item : root["configurations"].items()) {
    all.push_back(read_configuration(item.key(), item.value(), root["formats"], origin));
  }
  return all;
}

}  // namespace settle
