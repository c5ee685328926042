#include "fpga/report_command.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/program.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/report_row.hpp"
#include "fpga/report_table.hpp"
#include "fpga/synth_command.hpp"

namespace settle {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

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

/// Does `fill`. An error, but for an interruption and one of the command line, is the row's, and printed.
void fill_row(ordered_json& row, const std::function<void()>& fill) {
  try {
    fill();
  } catch (const Stopped&) {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    row["failure"] = e.what();
    tell("settle-fpga", e.what());
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
        if (const auto speed = read_speed(options.speed, name, build.name, plan.hardware)) {
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
    if (!row.at("failure").is_null()) return kExitFailed;
  }
  return kExitOk;
}

}  // namespace settle
