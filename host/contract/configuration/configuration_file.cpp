#include "contract/configuration/configuration_file.hpp"

#include <map>

#include "base/error.hpp"
#include "base/json.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {

namespace {

void read_format(const JsonValue& format, Configuration& c) {
  std::vector<std::string> known;
  for (const FormatField& f : kFormatFields) {
    (c.*f.format).*f.value = format.at(f.name).integer(f.lowest, f.highest);
    known.emplace_back(f.name);
  }
  for (const NumberField& f : kFormatNumbers) {
    c.*f.value = format.at(f.name).integer(f.lowest, f.highest);
    known.emplace_back(f.name);
  }
  format.keys(known);
}

Configuration read_configuration(const std::string& name, const JsonValue& object, const JsonValue& formats,
                                 const std::string& origin) {
  Configuration c;
  c.name = name;
  c.purpose = object.at("purpose").text();
  std::vector<std::string> known{"purpose", "format"};
  for (const NumberField& f : kNumberFields) {
    c.*f.value = object.at(f.name).integer(f.lowest, f.highest);
    known.emplace_back(f.name);
  }
  object.keys(known);
  const JsonValue format = object.at("format");
  if (!formats.has(format.text())) format.refuse("one of the formats");
  read_format(formats.at(format.text()), c);
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

}  // namespace settle
