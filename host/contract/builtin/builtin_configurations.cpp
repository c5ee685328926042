#include "contract/builtin/builtin_configurations.hpp"

#include "base/error.hpp"
#include "contract/configuration/configuration_file.hpp"
#include "generated/configurations_text.hpp"

namespace settle {

namespace {

constexpr const char* kOrigin = "rtl/configurations.json";

const std::vector<Configuration>& all() {
  static const std::vector<Configuration> kAll = parse_configurations(kConfigurationsText, kOrigin);
  return kAll;
}

}  // namespace

std::string builtin_format(const Configuration& configuration) {
  return format_name(configuration, kConfigurationsText, kOrigin);
}

std::vector<std::string> configuration_names() {
  std::vector<std::string> names;
  for (const Configuration& c : all()) names.push_back(c.name);
  return names;
}

Configuration configuration(const std::string& name) {
  for (const Configuration& c : all()) {
    if (c.name == name) return c;
  }
  throw error("configuration {}: unknown; known are {}", name, fmt::join(configuration_names(), ", "));
}

}  // namespace settle
