// What `settle info --json` prints for programs: host/programs/README.md says which keys each of these has.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "contract/presets/presets.hpp"
#include "programs/settle/machine_facts.hpp"

namespace settle {

/// A list of this build's configurations, in the order of rtl/configurations.json.
nlohmann::ordered_json configurations_json();
/// A list of all that has a number in the register map, then of the words of the memory `configuration`.
nlohmann::ordered_json registers_json();
/// A list of `presets` in their order; `assets`: the folder of their machine files.
nlohmann::ordered_json presets_json(const std::vector<Preset>& presets, const std::filesystem::path& assets);
/// One machine; null for what was not computed or is no finite number.
nlohmann::ordered_json machine_json(const MachineFacts& facts);

}  // namespace settle
