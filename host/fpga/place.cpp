#include "fpga/place.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/median.hpp"
#include "base/process.hpp"
#include "base/program.hpp"
#include "base/text_table.hpp"
#include "base/tool_clock.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/tools.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

double clock_mhz(const Board& board) { return static_cast<double>(board.clock_hz) / 1e6; }

fs::path part_of(const BuildPlan& plan, int seed) { return plan.folder / fmt::format("seed-{}.part", seed); }

/// All words but the ones that name a seed: what a seed's result depends on beside the netlist.
std::vector<std::string> common_words(const BuildPlan& plan) {
  const std::string pins = seen_from(plan.folder / "seed-1.part", plan.board.pins_file());
  return place_words(plan.board, "../" + plan.netlist().filename().string(), pins);
}

std::string key_of(const BuildPlan& plan, const Synthesis& synthesis, const std::string& nextpnr) {
  return fmt::format(
      "{:016x}", fnv1a64(fmt::format("{} {} {} {}", synthesis.netlist_hash, nextpnr, fmt::join(common_words(plan), " "),
                                     read_text(plan.board.pins_file()))));
}

bool finished(const BuildPlan& plan, int seed, const std::string& key, const Synthesis& s, SeedResult& result) {
  try {
    const fs::path folder = seed_folder(plan, seed);
    if (read_text(folder / "key") != key) return false;
    if (!fs::is_regular_file(folder / routed_name(plan.board))) return false;
    result.report = read_place_report(folder / "report.json", s.pll_clocks);
  } catch (const Error&) {
    return false;
  }
  result.seed = seed;
  result.reused = true;
  return true;
}

SeedResult take(const BuildPlan& plan, int seed, const Ended& ended, const std::string& key, const Synthesis& s) {
  SeedResult result;
  result.seed = seed;
  const fs::path part = part_of(plan, seed), folder = seed_folder(plan, seed);
  const std::string& program = place_tool(plan.board.family).program;
  if (!ended.good()) {
    result.failure = fmt::format("{} failed ({}): {} (log: {})", program, ended.text(), reason_in(part / "nextpnr.log"),
                                 (folder / "nextpnr.log").string());
  } else {
    try {
      result.report = read_place_report(part / "report.json", s.pll_clocks);
      if (!fs::is_regular_file(part / routed_name(plan.board))) {
        result.failure = fmt::format("{} left no {} in {}", program, routed_name(plan.board), folder.string());
      } else {
        write_atomically(part / "key", key);
      }
    } catch (const Error& e) {
      result.failure = e.what();
    }
  }
  fs::remove_all(folder);
  fs::rename(part, folder);
  return result;
}

void sum_up(Placement& p) {
  std::vector<double> fmax;
  for (std::size_t i = 0; i < p.seeds.size(); ++i) {
    if (!p.seeds[i].failure.empty()) continue;
    fmax.push_back(p.seeds[i].report.array.fmax_mhz);
    if (p.fastest < 0 || fmax.back() > p.best().report.array.fmax_mhz) p.fastest = static_cast<int>(i);
  }
  if (fmax.empty()) return;
  const auto [least, most] = std::minmax_element(fmax.begin(), fmax.end());
  p.min = *least;
  p.max = *most;
  p.median = middle_of(fmax);
}

}  // namespace

fs::path seed_folder(const BuildPlan& plan, int seed) { return plan.folder / fmt::format("seed-{}", seed); }

double slack_ns(double fmax_mhz, const Board& board) { return 1e3 / clock_mhz(board) - 1e3 / fmax_mhz; }

Placement place(const BuildPlan& plan, const Synthesis& synthesis, int seeds, int jobs, bool fresh,
                const std::function<bool()>& stop) {
  Placement p;
  const std::string& program = place_tool(plan.board.family).program;
  p.nextpnr = version_of({program, "--version"}, program, stop);
  const std::string key = key_of(plan, synthesis, p.nextpnr);
  std::vector<SeedResult> results(static_cast<std::size_t>(seeds));
  std::vector<std::size_t> wanted;
  std::vector<Command> commands;
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto index = static_cast<std::size_t>(seed - 1);
    if (!fresh && finished(plan, seed, key, synthesis, results[index])) continue;
    const fs::path part = part_of(plan, seed);
    fs::remove_all(part);
    fs::create_directories(part);
    std::vector<std::string> words = common_words(plan);
    words.insert(words.end(), {"--seed", std::to_string(seed)});
    commands.push_back({words, part, part / "nextpnr.log"});
    wanted.push_back(index);
  }
  const auto clean = [&] {
    for (int seed = 1; seed <= seeds; ++seed) fs::remove_all(part_of(plan, seed));
  };
  // Seeds side by side share the machine: what a round of `jobs` takes is what one waits for.
  ToolClock clock(program, plan.folder / fmt::format("nextpnr-{}-of-{}.seconds", jobs, commands.size()));
  if (!commands.empty()) {
    tell("settle-fpga",
         fmt::format("{}: {}, {} seed{}, {} (logs: {}/seed-N.part)", plan.name(), program, commands.size(),
                     commands.size() == 1 ? "" : "s", clock.last_text("some minutes each"), plan.folder.string()));
  }
  int kept = seeds - static_cast<int>(wanted.size());
  const auto name_clock = [&] { clock.rename(fmt::format("{}, {} of {} seeds", program, kept, seeds)); };
  name_clock();
  try {
    run_all(commands, jobs, clock.watched(stop), [&](std::size_t c, const Ended& ended) {
      results[wanted[c]] = take(plan, static_cast<int>(wanted[c]) + 1, ended, key, synthesis);
      ++kept;
      name_clock();
    });
    if (!commands.empty() && !(stop && stop())) clock.keep(clock.seconds());
  } catch (...) {
    clean();
    throw;
  }
  clean();
  if (stop && stop()) {
    throw Stopped(fmt::format("{}: interrupted: {} of {} seeds are placed and kept, no bitstream is written",
                              plan.name(), kept, seeds));
  }
  p.seeds = std::move(results);
  sum_up(p);
  return p;
}

std::string seed_table(const Placement& p, const Board& board) {
  std::vector<std::vector<std::string>> rows{{"seed", "Fmax MHz", "slack ns", fmt::format("{} MHz", clock_mhz(board))}};
  const auto add = [&](const std::string& name, double fmax) {
    rows.push_back({name, fmt::format("{:.2f}", fmax), fmt::format("{:.2f}", slack_ns(fmax, board)),
                    fmax >= clock_mhz(board) ? "met" : "missed"});
  };
  for (const SeedResult& s : p.seeds) {
    if (s.failure.empty()) {
      add(std::to_string(s.seed), s.report.array.fmax_mhz);
    } else {
      rows.push_back({std::to_string(s.seed), "-", "-", "not placed"});
    }
  }
  if (p.fastest >= 0) {
    add("min", p.min);
    add("median", p.median);
    add("max", p.max);
  }
  return text_table(rows);
}

void check_timing(const Placement& p, const BuildPlan& plan) {
  if (p.fastest < 0) throw error("{}: no seed could be placed: {}", plan.name(), p.seeds.front().failure);
  const ClockReport& c = p.best().report.array;
  if (c.fmax_mhz >= clock_mhz(plan.board)) return;
  throw error(
      "{}: the clock is missed: {:.2f} MHz of {} MHz in the best seed ({}), slack {:.2f} ns; its slowest path, "
      "{:.2f} ns, begins at {} and ends at {}, through {}",
      plan.name(), c.fmax_mhz, clock_mhz(plan.board), p.best().seed, slack_ns(c.fmax_mhz, plan.board), c.path_ns,
      c.begin, c.end, fmt::join(c.nets, ", "));
}

}  // namespace settle
