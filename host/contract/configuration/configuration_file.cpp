#include "contract/configuration/configuration_file.hpp"

#include <map>

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

Configuration read_configuration_fields(const JsonValue& object, const std::string& name, const std::string& origin) {
  Configuration c;
  c.name = name;
  read_values(object, named_values(c), {});
  check(c, origin);
  return c;
}

}  // namespace settle
