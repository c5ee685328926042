#include "machine/fixed_point/machine_configuration.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"

namespace settle {

Configuration configuration_of(const Machine& machine, const std::string& name) {
  if (machine.own_configuration) return *machine.own_configuration;
  const std::vector<std::string> known = configuration_names();
  if (std::find(known.begin(), known.end(), machine.configuration) == known.end()) {
    throw error("{}: configuration: {} is unknown; known are {}", name, machine.configuration, fmt::join(known, ", "));
  }
  return configuration(machine.configuration);
}

void bring_configuration(Machine& machine, const Configuration& configuration) {
  machine.own_configuration = configuration;
  machine.configuration = configuration.name;
  machine.configuration_hash = configuration.hash_text();
  machine.step = configuration.step();
}

}  // namespace settle
