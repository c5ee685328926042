#include "programs/settle/machine_facts.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "machine/machine_file.hpp"

namespace settle {

MachineFacts machine_facts(const std::filesystem::path& path) {
  MachineFacts facts;
  facts.path = path;
  facts.machine = load_machine(path);
  const Machine& m = facts.machine;
  const std::vector<std::string> known = configuration_names();
  if (std::find(known.begin(), known.end(), m.configuration) == known.end()) {
    facts.other_build = fmt::format("it has no configuration {}", one_line(m.configuration));
  } else if (const std::string own = configuration(m.configuration).hash_text(); own != m.configuration_hash) {
    facts.other_build = fmt::format("its configuration {} is {}", m.configuration, own);
  }
  try {
    facts.stability = stability(m);
    check_machine(m, "not fit to run");
  } catch (const Error& e) {
    facts.unfit = e.what();
  }
  return facts;
}

}  // namespace settle
