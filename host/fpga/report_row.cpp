#include "fpga/report_row.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "base/json.hpp"

namespace settle {

using nlohmann::ordered_json;

ordered_json empty_row(const std::string& board, const std::string& build) {
  ordered_json row = {{"board", board}};
  for (const char* name : {"config",
                           "lanes",
                           "lut",
                           "ff",
                           "dsp",
                           "ram",
                           "fmax_mhz",
                           "clock_mhz",
                           "mac_utilisation",
                           "cell_updates_per_second",
                           "netlist_steps",
                           "netlist_mismatches",
                           "build",
                           "device",
                           "hardware_hash",
                           "configuration_hash",
                           "large_ram",
                           "logic_cells",
                           "seed",
                           "engine",
                           "cell_updates_limit",
                           "inferences_per_second",
                           "verilated_updates_per_second",
                           "model_updates_per_second",
                           "over_verilated",
                           "over_model",
                           "lane_limit",
                           "lane_limit_resource",
                           "bitstream_steps",
                           "bitstream_mismatches",
                           "failure"}) {
    row[name] = nullptr;
  }
  if (!build.empty()) row["build"] = build;
  return row;
}

void add_plan(ordered_json& row, const BuildPlan& plan) {
  row["config"] = plan.configuration.name;
  row["lanes"] = plan.configuration.lanes;
  row["clock_mhz"] = static_cast<double>(plan.board.clock_hz) / 1e6;
  row["device"] = plan.board.device;
  row["hardware_hash"] = plan.hardware;
  row["configuration_hash"] = plan.configuration.hash_text();
}

void add_resources(ordered_json& row, const Resources& r) {
  row["lut"] = r.lut;
  row["ff"] = r.ff;
  row["dsp"] = r.dsp;
  row["ram"] = r.ram;
  row["large_ram"] = r.large_ram;
  row["logic_cells"] = r.logic_cells;
}

void add_placement(ordered_json& row, const Placement& p) {
  if (p.fastest < 0) return;
  row["fmax_mhz"] = {{"min", p.min}, {"median", p.median}, {"max", p.max}};
  row["seed"] = ordered_json::array();
  for (const SeedResult& s : p.seeds) {
    ordered_json seed = {{"seed", s.seed}, {"fmax_mhz", nullptr}};
    if (s.failure.empty()) seed["fmax_mhz"] = s.report.array.fmax_mhz;
    row["seed"].push_back(seed);
  }
}

void add_speed(ordered_json& row, const Speed& s, const Board& board) {
  const auto hz = static_cast<double>(board.clock_hz);
  row["engine"] = "verilated RTL of this build: cycles; CPU time, one thread: ratios";
  row["mac_utilisation"] = s.utilisation();
  row["cell_updates_per_second"] = s.updates(hz);
  row["cell_updates_limit"] = s.updates_limit(hz);
  row["inferences_per_second"] = s.inferences(hz);
  row["verilated_updates_per_second"] = s.verilated_updates;
  row["model_updates_per_second"] = s.model_updates;
  row["over_verilated"] = s.updates(hz) / s.verilated_updates;
  row["over_model"] = s.updates(hz) / s.model_updates;
}

void add_comparison(ordered_json& row, const BuildPlan& plan, const std::string& engine) {
  const std::filesystem::path file = plan.folder / (engine + ".json");
  std::error_code none;
  if (!std::filesystem::is_regular_file(file, none)) return;
  const JsonValue found = read_json(file);
  if (found.at("hardware_hash").text() != plan.hardware) return;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  row[engine + "_steps"] = found.at("steps").integer64(0, kMost);
  row[engine + "_mismatches"] = found.at("mismatches").integer64(0, kMost);
}

}  // namespace settle
