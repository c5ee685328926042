// Reading rtl/configurations.json: the builds of the array that exist.
#pragma once

#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// Reads configurations from JSON text in the form of rtl/configurations.json. `origin` names the text in errors.
/// Throws Error for unknown or missing keys, wrong types and values out of range.
std::vector<Configuration> parse_configurations(const std::string& text, const std::string& origin);

}  // namespace settle
