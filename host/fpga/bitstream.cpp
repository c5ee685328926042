#include "fpga/bitstream.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/tools.hpp"

namespace settle {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

ordered_json to_json(const SeedResult& s, const Board& board) {
  if (!s.failure.empty()) return {{"seed", s.seed}, {"failure", s.failure}};
  const ClockReport& c = s.report.array;
  return {{"seed", s.seed},
          {"fmax_mhz", c.fmax_mhz},
          {"slack_ns", slack_ns(c.fmax_mhz, board)},
          {"clock", c.clock},
          {"path", {{"begin", c.begin}, {"end", c.end}, {"ns", c.path_ns}, {"nets", c.nets}}},
          {"used", s.report.used}};
}

ordered_json record(const Placement& p, const BuildPlan& plan, const Synthesis& s, const std::string& bitstream) {
  ordered_json seeds = ordered_json::array();
  for (const SeedResult& seed : p.seeds) seeds.push_back(to_json(seed, plan.board));
  return {{"board", plan.board.id},
          {"build", plan.build.name},
          {"configuration", plan.configuration.name},
          {"configuration_hash", plan.configuration.hash_text()},
          {"hardware_hash", plan.hardware},
          {"sources_hash", plan.sources_hash},
          {"netlist_hash", s.netlist_hash},
          {"pins_hash", file_hash(plan.board.pins_file())},
          {"bitstream_hash", fmt::format("{:016x}", fnv1a64(bitstream))},
          {"clock_hz", plan.board.clock_hz},
          {"fmax_mhz", {{"min", p.min}, {"median", p.median}, {"max", p.max}}},
          {"best_seed", p.best().seed},
          {"seeds", seeds},
          {"resources",
           {{"lut", s.resources.lut},
            {"ff", s.resources.ff},
            {"dsp", s.resources.dsp},
            {"ram", s.resources.ram},
            {"large_ram", s.resources.large_ram}}},
          {"tools", {{"yosys", s.yosys}, {"nextpnr", p.nextpnr}}}};
}

}  // namespace

void remove_bitstream(const BuildPlan& plan) {
  fs::remove(plan.bitstream());
  if (!place_tool(plan.board.family).routed.empty()) fs::remove(plan.folder / routed_name(plan.board));
  fs::remove(plan.folder / "place.json");
}

void pack(const Placement& p, const BuildPlan& plan, const Synthesis& synthesis, const std::function<bool()>& stop) {
  require_tool(place_tool(plan.board.family).packer);
  const fs::path text = seed_folder(plan, p.best().seed) / routed_name(plan.board);
  const fs::path part = plan.folder / "bitstream.part", log = plan.folder / "pack.log";
  const std::vector<std::string> words = pack_words(plan.board, seen_from(plan.folder, text), part.filename().string());
  const Ended ended = run({words, plan.folder, log}, stop);
  std::error_code none;
  if (!ended.good() || fs::file_size(part, none) == 0 || none) {
    const std::string reason = reason_in(log);
    fs::remove(part);
    if (ended.stopped) throw Stopped(plan.name() + ": interrupted: no bitstream is written");
    throw error("{}: {} failed ({}): {}", plan.name(), place_tool(plan.board.family).packer, ended.text(),
                reason.empty() ? "no bitstream" : reason);
  }
  const std::string bitstream = read_text(part);
  write_together({{plan.folder / routed_name(plan.board), read_text(text)},
                  {plan.bitstream(), bitstream},
                  {plan.folder / "place.json", to_text(record(p, plan, synthesis, bitstream))}});
  fs::remove(part);
  fs::remove(log);
}

std::string bitstream_fault(const BuildPlan& plan) {
  const std::string bitstream = plan.bitstream().string();
  // Vivado leaves no record: then that of the synthesis that wrote its script.
  const bool packed = !place_tool(plan.board.family).program.empty();
  const fs::path file = plan.folder / (packed ? "place.json" : "synthesis.json");
  std::error_code none;
  if (!fs::is_regular_file(bitstream, none)) return fmt::format("no bitstream: {} is not there", bitstream);
  if (!fs::is_regular_file(file, none)) {
    return fmt::format("what {} was built from is not known: {} is not there", bitstream, file.string());
  }
  try {
    const JsonValue found = read_json(file);
    if (packed && found.at("bitstream_hash").text() != file_hash(bitstream)) {
      return fmt::format("{} is not what was built: its bitstream_hash is not that in {}", bitstream, file.string());
    }
    const std::string hardware = found.at("hardware_hash").text();
    bool same = found.at("sources_hash").text() == plan.sources_hash;
    if (packed) {
      same = same && found.at("pins_hash").text() == file_hash(plan.board.pins_file());
      same = same && found.at("clock_hz").number() == static_cast<double>(plan.board.clock_hz);
    }
    if (same) return "";
    return fmt::format("{} was built from other sources (hardware {}) than are here (hardware {})", bitstream,
                       one_line(hardware), plan.hardware);
  } catch (const Error& e) {
    return fmt::format("what {} was built from is not known: {}", bitstream, one_line(e.what()));
  }
}

}  // namespace settle
