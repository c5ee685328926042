#include "contract/configuration/configuration_file.hpp"

#include <map>

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {

namespace {

/// Reads each of `fields` by its name; `object` has these keys and `others`, and no more.
void read_values(const JsonValue& object, const std::vector<NamedValue>& fields, std::vector<std::string> others) {
  for (const NamedValue& f : fields) {
    *f.value = object.at(f.name).integer(f.lowest, f.highest);
    others.emplace_back(f.name);
  }
  object.keys(others);
}

Configuration read_configuration(const std::string& name, const JsonValue& object, const JsonValue& formats,
                                 const std::string& origin) {
  Configuration c;
  c.name = name;
  c.purpose = object.at("purpose").text();
  read_values(object, named_bounds(c), {"purpose", "format"});
  const JsonValue format = object.at("format");
  if (!formats.has(format.text())) format.refuse("one of the formats");
  read_values(formats.at(format.text()), named_formats(c), {});
  check(c, origin);
  return c;
}

}  // namespace

std::vector<Configuration> parse_configurations(const std::string& text, const std::string& origin) {
  const JsonValue root = parse_json(text, origin);
  root.keys({"formats", "configurations"});
  std::map<std::string, JsonValue> by_name;  // sorted, wherever they stand in the file
  for (const auto& [name, object] : root.at("configurations").members()) by_name.emplace(name, object);
  std::vector<Configuration> all;
  all.reserve(by_name.size());
  for (const auto& [name, object] : by_name) {
    all.push_back(read_configuration(name, object, root.at("formats"), origin));
  }
  return all;
}

std::string configuration_text(const Configuration& configuration, const std::string& format) {
  Configuration c = configuration;
  nlohmann::ordered_json formats, entry;
  for (const NamedValue& f : named_formats(c)) formats[format][f.name] = *f.value;
  entry["purpose"] = c.purpose;
  for (const NamedValue& f : named_bounds(c)) entry[f.name] = *f.value;
  entry["format"] = format;
  return to_text(nlohmann::ordered_json{{"formats", formats}, {"configurations", {{c.name, entry}}}});
}

std::string format_name(const Configuration& configuration, const std::string& text, const std::string& origin) {
  const auto values = [](Configuration c) {
    std::vector<int> all;
    for (const NamedValue& f : named_formats(c)) all.push_back(*f.value);
    return all;
  };
  for (const auto& [name, object] : parse_json(text, origin).at("formats").members()) {
    Configuration other;
    read_values(object, named_formats(other), {});
    if (values(other) == values(configuration)) return name;
  }
  return "";
}

Configuration read_configuration_fields(const JsonValue& object, const std::string& name, const std::string& origin) {
  Configuration c;
  c.name = name;
  read_values(object, named_values(c), {});
  check(c, origin);
  return c;
}

}  // namespace settle
