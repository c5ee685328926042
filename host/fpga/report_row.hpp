// One row of report.json: what is known of one build of one board. What is not known is null.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "fpga/place.hpp"
#include "fpga/plan.hpp"
#include "fpga/resources.hpp"
#include "fpga/speed.hpp"

namespace settle {

/// A row in which nothing is known but the names; `build` may be "", of a board that cannot be read.
nlohmann::ordered_json empty_row(const std::string& board, const std::string& build);

// What has become known goes into the row, in place of null.
/// Configuration, lanes, clock, device and hashes.
void add_plan(nlohmann::ordered_json& row, const BuildPlan& plan);
/// Cells by kind.
void add_resources(nlohmann::ordered_json& row, const Resources& resources);
/// Nothing if no seed was placed.
void add_placement(nlohmann::ordered_json& row, const Placement& placement);
/// What the array does at the clock that the board really runs.
void add_speed(nlohmann::ordered_json& row, const Speed& speed, const Board& board);
/// What another program found when it ran the "netlist" or the "bitstream" (`engine`), if it ran this hardware's.
/// Throws Error if its file in the plan's folder is not such a file.
void add_comparison(nlohmann::ordered_json& row, const BuildPlan& plan, const std::string& engine);

}  // namespace settle
