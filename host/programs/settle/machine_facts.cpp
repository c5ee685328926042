#include "programs/settle/machine_facts.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"

namespace settle {

MachineFacts machine_facts(const std::filesystem::path& path) {
  MachineFacts facts;
  facts.path = path;
  facts.machine = load_machine(path);
  const Machine& m = facts.machine;
  const std::vector<std::string> known = configuration_names();
  if (!m.own_configuration && std::find(known.begin(), known.end(), m.configuration) == known.end()) {
    facts.other_build =
        fmt::format("it has no configuration {}; known are {}", one_line(m.configuration), fmt::join(known, ", "));
    return facts;  // without bounds, what is computed of a machine may take for ever
  }
  const Configuration c = configuration_of(m, path.string());
  if (const std::string own = c.hash_text(); own != m.configuration_hash) {
    facts.other_build = fmt::format("its configuration {} is {}", m.configuration, own);
  }
  try {
    const FixedMachine bounded(m, c, "not fit to run", m.decoder);
    facts.stability = stability(m);
    check_stability(*facts.stability, m, "not fit to run");
  } catch (const Error& e) {
    facts.unfit = e.what();
  }
  return facts;
}

}  // namespace settle
