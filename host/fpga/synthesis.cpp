#include "fpga/synthesis.hpp"

#include <cstdio>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/program.hpp"
#include "base/tool_clock.hpp"
#include "fpga/bitstream.hpp"
#include "fpga/netlist.hpp"
#include "fpga/tools.hpp"
#include "fpga/yosys_script.hpp"

namespace settle {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

fs::path record_of(const BuildPlan& plan) { return plan.folder / "synthesis.json"; }

ordered_json to_json(const Resources& r) {
  return {{"lut", r.lut},
          {"ff", r.ff},
          {"dsp", r.dsp},
          {"ram", r.ram},
          {"large_ram", r.large_ram},
          {"logic_cells", r.logic_cells}};
}

ordered_json record(const BuildPlan& plan, const Synthesis& s) {
  ordered_json fields = ordered_json::object();
  for (const auto& [name, value] : field_values(plan.configuration)) fields[name] = value;
  return {{"board", plan.board.id},
          {"build", plan.build.name},
          {"configuration", plan.configuration.name},
          {"configuration_hash", plan.configuration.hash_text()},
          {"fields", fields},
          {"hardware_hash", plan.hardware},
          {"sources_hash", plan.sources_hash},
          {"netlist_hash", s.netlist_hash},
          {"yosys", s.yosys},
          {"resources", to_json(s.resources)},
          {"array_hz", s.array_hz},
          {"array_clocks", s.pll_clocks}};
}

/// What was made of this netlist before, if it is all still there.
bool reuse(const BuildPlan& plan, Synthesis& s) {
  try {
    const JsonValue old = read_json(record_of(plan));
    if (old.at("sources_hash").text() != plan.sources_hash || old.at("yosys").text() != s.yosys) return false;
    s.netlist_hash = file_hash(plan.netlist());
    if (old.at("netlist_hash").text() != s.netlist_hash) return false;
    const JsonValue r = old.at("resources");
    const auto count = [&r](const char* name) { return r.at(name).integer(0); };
    s.resources = {count("lut"), count("ff"), count("dsp"), count("ram"), count("large_ram"), count("logic_cells")};
    s.array_hz = old.at("array_hz").integer64(0, std::numeric_limits<std::int64_t>::max());
    s.pll_clocks = old.at("array_clocks").texts();
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// Cells of the netlist by type. A netlist in more than one piece is an error: place-and-route would not take it.
std::map<std::string, int> cell_counts(const fs::path& file) {
  const JsonValue root = read_json(file);
  const auto modules = root.at("modules").members();
  std::string names;
  for (const auto& [name, statistics] : modules) names += " " + name;
  if (modules.size() != 1) throw error("{}: not one module but{}", file.string(), one_line(names));
  std::map<std::string, int> counts;
  for (const auto& [type, count] : root.at("design").at("num_cells_by_type").members()) counts[type] = count.integer(0);
  return counts;
}

void remove_older(const BuildPlan& plan) {
  for (const char* name : {"synthesis.json", kUnfinishedNetlist, kCellCounts}) {
    fs::remove(plan.folder / name);
  }
  fs::remove(plan.netlist());
  remove_bitstream(plan);
}

void run_yosys(const BuildPlan& plan, const std::function<bool()>& stop) {
  const fs::path log = plan.folder / "yosys.log";
  ToolClock clock("yosys", plan.folder / "yosys.seconds");
  tell("settle-fpga",
       fmt::format("{}: yosys, {} (log: {})", plan.name(), clock.last_text("some minutes"), log.string()));
  const Ended ended = run({{"yosys", "-q", "-l", "yosys.log", "synth.ys"}, plan.folder, plan.folder / "yosys.err"},
                          clock.watched(stop));
  if (ended.good()) {
    clock.keep(clock.seconds());
    fs::remove(plan.folder / "yosys.err");
    return;
  }
  fs::remove(plan.folder / kUnfinishedNetlist);
  if (ended.stopped) throw Stopped(fmt::format("{}: interrupted in yosys: no netlist is written", plan.name()));
  std::string reason = reason_in(plan.folder / "yosys.err");
  if (reason.empty()) reason = reason_in(log);
  throw error("{}: yosys failed ({}): {} (log: {})", plan.name(), ended.text(), reason, log.string());
}

}  // namespace

Synthesis synthesise(const BuildPlan& plan, bool fresh, const std::function<bool()>& stop) {
  Synthesis s;
  s.yosys = version_of({"yosys", "-V"}, "yosys", stop);
  s.lock = std::make_shared<FolderLock>(plan.folder, "settle-fpga");
  write_packages(plan, plan.folder);
  if (!fresh && reuse(plan, s)) {
    s.reused = true;
    return s;
  }
  s = Synthesis{{}, "", 0, {}, s.yosys, false, s.lock};
  remove_older(plan);
  write_atomically(plan.folder / "synth.ys", plan.script);
  run_yosys(plan, stop);
  const fs::path part = plan.folder / kUnfinishedNetlist;
  try {
    s.resources = count_resources(plan.board.family, cell_counts(plan.folder / kCellCounts));
    if (!fs::is_regular_file(part)) throw error("{}: yosys left no netlist", plan.name());
    if (plan.board.family == Family::ice40) {
      const NetlistFacts netlist = read_netlist(part, plan.board);
      s.resources.logic_cells = netlist.logic_cells;
      s.array_hz = netlist.pll_hz;
      s.pll_clocks = netlist.pll_clocks;
    }
  } catch (const Error&) {
    fs::remove(part);  // cut short, where the disk is full
    throw;
  }
  fs::rename(part, plan.netlist());
  s.netlist_hash = file_hash(plan.netlist());
  write_atomically(record_of(plan), to_text(record(plan, s)));
  return s;
}

}  // namespace settle
