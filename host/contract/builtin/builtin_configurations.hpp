// The configurations that were in rtl/configurations.json when this program was built.
#pragma once

#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// The configuration `name` as built into this program. Throws Error listing the known names.
Configuration configuration(const std::string& name);

/// Names of the built-in configurations in file order (alphabetical).
std::vector<std::string> configuration_names();

/// Name of the format in rtl/configurations.json that has the values of `configuration`'s; "" if none has.
std::string builtin_format(const Configuration& configuration);

}  // namespace settle
