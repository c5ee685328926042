// What `settle info` prints for people.
#pragma once

#include <string>
#include <vector>

#include "contract/presets/presets.hpp"
#include "programs/settle/machine_facts.hpp"

namespace settle {

/// The commit, and bounds and formats of every configuration.
std::string configurations_text(const std::string& git);

/// The register map, a line per register, and the words of the memory that describes the configuration.
std::string registers_text();

/// A line per preset that begins with its name.
std::string presets_text(const std::vector<Preset>& presets);

/// A machine's layers, buses and interface, how it moves, and what `settle run` would object to.
std::string machine_facts_text(const MachineFacts& facts);

}  // namespace settle
