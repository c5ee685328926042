// Reading configurations: rtl/configurations.json, the builds of the array that exist, and those that a machine brings.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle {

/// Reads configurations from JSON text in the form of rtl/configurations.json. `origin` names the text in errors.
/// Throws Error for unknown or missing keys, wrong types and values out of range.
std::vector<Configuration> parse_configurations(const std::string& text, const std::string& origin);

/// `configuration` alone in the form of rtl/configurations.json: its entry, and the format that it names `format`.
std::string configuration_text(const Configuration& configuration, const std::string& format);

/// Name of the format in `text`, of the form of rtl/configurations.json, that has the values of `configuration`'s; ""
/// if none has. Throws Error as parse_configurations.
std::string format_name(const Configuration& configuration, const std::string& text, const std::string& origin);

/// Reads one configuration from an object that has every field by its name, those of the formats too, and no other
/// key. `name` becomes its name; `origin`, the file, begins the errors about values that do not go together. Throws
/// Error as parse_configurations.
Configuration read_configuration_fields(const JsonValue& object, const std::string& name, const std::string& origin);

}  // namespace settle
