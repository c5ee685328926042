// What `settle info --json` prints for programs: host/programs/README.md says which keys each of these has.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "contract/presets/presets.hpp"
#include "programs/settle/machine_facts.hpp"

namespace settle {

nlohmann::ordered_json configurations_json();
nlohmann::ordered_json registers_json();
nlohmann::ordered_json presets_json(const std::vector<Preset>& presets, const std::filesystem::path& assets);
nlohmann::ordered_json machine_json(const MachineFacts& facts);

}  // namespace settle
