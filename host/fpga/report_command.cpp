#include "fpga/report_command.hpp"

#include <cstdio>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/synth_command.hpp"

namespace settle {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

/// A row in which nothing is known but the names.
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
                           "git_hash",
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
  row["git_hash"] = plan.git;
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

/// What the array does at the clock that the board really runs.
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

/// What another program found when it ran the netlist or the bitstream (`engine`), if it ran this commit's.
void add_comparison(ordered_json& row, const BuildPlan& plan, const std::string& engine) {
  const fs::path file = plan.folder / (engine + ".json");
  std::error_code none;
  if (!fs::is_regular_file(file, none)) return;
  const JsonValue found = read_json(file);
  if (found.at("git_hash").text() != plan.git) return;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  row[engine + "_steps"] = found.at("steps").integer64(0, kMost);
  row[engine + "_mismatches"] = found.at("mismatches").integer64(0, kMost);
}

/// Synthesis, and place-and-route where there is a tool. Fills the row as far as it comes.
void work(const BuildOptions& options, const BuildPlan& plan, bool limit, ordered_json& row,
          const std::function<bool()>& stop) {
  Built built;
  built.plan = plan;
  print_head(plan);
  built.synthesis = synthesise(plan, options.fresh, stop);
  add_resources(row, built.synthesis.resources);
  if (limit && plan.board.family != Family::ice40) {
    const LaneLimit most = estimate_limit(options.plan, plan, built.synthesis, options.fresh, stop);
    row["lane_limit"] = most.lanes;
    row["lane_limit_resource"] = most.resource;
  }
  check_netlist(built);
  const std::string& placer = place_tool(plan.board.family).program;
  // On an iCE40 a missing tool is an error, elsewhere it is not expected.
  if (plan.board.family != Family::ice40 && (placer.empty() || !find_program(placer))) return;
  try {
    place_and_pack(built, options, stop);
  } catch (...) {
    add_placement(row, built.placement);
    throw;
  }
  add_placement(row, built.placement);
}

std::string number(const ordered_json& value, fmt::format_string<double> format, double unit = 1) {
  return value.is_number() ? fmt::format(format, value.get<double>() / unit) : "-";
}

}  // namespace

std::string markdown_table(const ordered_json& rows) {
  std::string text =
      "| board | configuration | P | LUT | FF | DSP | RAM | clock MHz | Fmax MHz min / median / max | multipliers busy "
      "| "
      "cell updates/s, of the limit | inferences/s | x verilated | x model | netlist: steps / mismatches |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const ordered_json& r : rows) {
    const ordered_json& f = r.at("fmax_mhz");
    const std::string fmax = f.is_null() ? "-"
                                         : fmt::format("{:.1f} / {:.1f} / {:.1f}", f.at("min").get<double>(),
                                                       f.at("median").get<double>(), f.at("max").get<double>());
    std::string ram = number(r.at("ram"), "{:.0f}");
    if (r.at("large_ram").is_number() && r.at("large_ram") > 0) ram += number(r.at("large_ram"), " + {:.0f} SPRAM");
    const ordered_json &updates = r.at("cell_updates_per_second"), &limit = r.at("cell_updates_limit");
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                    r.at("board").get<std::string>(),
                    r.at("config").is_null() ? "-" : r.at("config").get<std::string>(), number(r.at("lanes"), "{:.0f}"),
                    number(r.at("lut"), "{:.0f}"), number(r.at("ff"), "{:.0f}"), number(r.at("dsp"), "{:.0f}"), ram,
                    number(r.at("clock_mhz"), "{:g}"), fmax, number(r.at("mac_utilisation"), "{:.1f} %", 0.01),
                    updates.is_null() ? "-" : number(updates, "{:.2f} M", 1e6) + number(limit, " of {:.2f} M", 1e6),
                    number(r.at("inferences_per_second"), "{:.0f}"), number(r.at("over_verilated"), "{:.2f}"),
                    number(r.at("over_model"), "{:.2f}"),
                    r.at("netlist_steps").is_null()
                        ? "-"
                        : number(r.at("netlist_steps"), "{:.0f}") + number(r.at("netlist_mismatches"), " / {:.0f}"));
  }
  return text;
}

namespace {

/// Does `fill`. An error, but for an interruption, is the row's, and printed.
void fill_row(ordered_json& row, const std::function<void()>& fill) {
  try {
    fill();
  } catch (const Stopped&) {
    throw;
  } catch (const Error& e) {
    row["failure"] = e.what();
    fmt::print(stderr, "settle-fpga: {}\n", e.what());
  }
}

}  // namespace

int report(const ReportOptions& options, const std::function<bool()>& stop) {
  ordered_json rows = ordered_json::array();
  BuildOptions each = options.build;
  for (const std::string& name : options.boards.empty() ? board_names(each.plan.constraints) : options.boards) {
    each.plan.board = name;
    std::vector<BoardBuild> builds;
    ordered_json broken = empty_row(name, "");
    fill_row(broken, [&] { builds = read_board(each.plan.constraints, name).builds; });
    if (builds.empty()) rows.push_back(broken);
    for (const BoardBuild& build : builds) {
      each.plan.build = build.name;
      ordered_json row = empty_row(name, build.name);
      fill_row(row, [&] {
        const BuildPlan plan = plan_build(each.plan);
        add_plan(row, plan);
        if (const auto speed = read_speed(options.speed, name, build.name, plan.git)) {
          add_speed(row, *speed, plan.board);
        }
        add_comparison(row, plan, "netlist");
        add_comparison(row, plan, "bitstream");
        work(each, plan, options.limit, row, stop);
        for (const char* engine : {"netlist", "bitstream"}) {
          const ordered_json& mismatches = row.at(std::string(engine) + "_mismatches");
          if (mismatches.is_number() && mismatches > 0) throw error("{}: its {} is not the model", plan.name(), engine);
        }
      });
      rows.push_back(row);
    }
  }
  const fs::path file = each.plan.out / "report.json";
  write_atomically(file, to_text(rows));
  fmt::print("{}\nall of it: {}\n", markdown_table(rows), file.string());
  for (const ordered_json& row : rows) {
    if (!row.at("failure").is_null()) return 1;
  }
  return 0;
}

}  // namespace settle
