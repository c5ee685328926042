// What `settle info --json` prints for programs. Numbers are in the units of the machine file and of
// rtl/configurations.json; nothing is rounded.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "contract/presets/presets.hpp"
#include "programs/settle/machine_facts.hpp"

namespace settle {

/// A list, one per configuration: name, purpose, hash (16 hex digits), step (e), fields (every field of
/// rtl/configurations.json by its name, those of the formats among them), and formats: state, operand, coefficient and
/// word as in "Q4.20".
nlohmann::ordered_json configurations_json();

/// A list, one per entry of the register map: kind ("register", ...), number, name, access, text; then the words of the
/// memory that describes the configuration: kind "field", number, name, access "" and text.
nlohmann::ordered_json registers_json();

/// A list, one per preset: name, purpose, configuration, fit (kind; for maps also held, settles, interface,
/// settle_steps, ranks by bus), targets (measure; least, most or both; clocked), machine_file.
nlohmann::ordered_json presets_json(const std::vector<Preset>& presets, const std::filesystem::path& assets);

/// path; preset, configuration, configuration_hash, step, kt, settle_steps, window_steps, fit (seed, images, sigma,
/// unet_hash) as in the file; cells; layers (name, map, held, height, width, site_cells, scale, linear); buses (name,
/// source and target as layer indices, rank, taps_high, taps_wide, reciprocal); interface (source, weights) or null;
/// stability (lambda_min, lambda_max, radius, relaxation_steps, step_bound, one_way_cycles) or null; runs_here, and
/// objections: texts, why it does not.
nlohmann::ordered_json machine_json(const MachineFacts& facts);

}  // namespace settle
