#include "fpga/plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration_file.hpp"
#include "contract/generate/gaussian_file.hpp"
#include "contract/generate/hardware_hash.hpp"
#include "contract/generate/package.hpp"
#include "contract/generate/register_map.hpp"
#include "fpga/board_package.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/yosys_script.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

Configuration named(const std::string& name, const fs::path& rtl, const std::string& origin) {
  const std::string file = (rtl / "configurations.json").string();
  std::vector<std::string> names;
  for (const Configuration& c : parse_configurations(read_text(file), file)) {
    if (c.name == name) return c;
    names.push_back(c.name);
  }
  throw error("{}: configuration: {} is not in {}; known are {}", origin, name, file, fmt::join(names, ", "));
}

/// A reciprocal bus of full rank between two layers of full size is what `rank` promises.
void check_rank(const Configuration& c, const std::string& origin) {
  const int coefficients = 2 * c.rank * c.site_cells, words = 2 * c.rank;
  if (coefficients > c.coefficients) {
    throw error("{}: rank {}: a bus of it has {} coefficients, the memory (coefficients) holds {}: rank 1 to {}",
                origin, c.rank, coefficients, c.coefficients, c.coefficients / (2 * c.site_cells));
  }
  if (words > c.words) {
    throw error("{}: rank {}: a bus of it has {} words, the memory (words) holds {}: rank 1 to {}", origin, c.rank,
                words, c.words, c.words / 2);
  }
}

/// Memories that cannot be anywhere but in block RAM.
void check_memory(const Configuration& c, const Board& board, const std::string& origin) {
  std::int64_t block = 4096, large = 262144;  // bits, iCE40
  if (board.family == Family::ecp5 || board.family == Family::gowin) block = 18432, large = 0;
  if (board.family == Family::xilinx) block = 36864, large = 0;
  const std::int64_t there = block * board.block_rams + large * board.large_rams;
  const std::int64_t needed =
      std::int64_t{c.coefficients} * c.coefficient.width + std::int64_t{c.cells} * 2 * c.state.width;
  if (needed > there) {
    throw error("{}: coefficients {} and cells {} take {} bits of memory, {} has {}", origin, c.coefficients, c.cells,
                needed, board.file().string() + " (block_rams, large_rams)", there);
  }
}

std::vector<fs::path> rtl_sources(const fs::path& rtl) {
  std::vector<fs::path> all;
  for (const fs::path& folder : {rtl, rtl / "link"}) {
    std::error_code code;
    fs::directory_iterator entries(folder, code);
    if (code) throw error("--rtl: {}: {}", folder.string(), code.message());
    for (const auto& entry : entries) {
      if (entry.path().extension() == ".sv") all.push_back(entry.path());
    }
  }
  if (all.empty()) throw error("--rtl: {}: no .sv file in it", rtl.string());
  std::sort(all.begin(), all.end());
  return all;
}

/// A wrong name is told before yosys has run for minutes.
void check_logic_memories(const Board& board, const std::string& sources) {
  for (const std::string& name : board.logic_memories) {
    if (sources.find(" " + name + " (") == std::string::npos) {
      throw error("{}: logic_memories: {} is no instance in the RTL; a memory's, as u_clamps, is needed",
                  board.file().string(), name);
    }
  }
}

}  // namespace

fs::path BuildPlan::bitstream() const { return folder / (board.top + place_tool(board.family).bitstream); }

std::vector<fs::path> all_sources(const BuildPlan& plan) {
  std::vector<fs::path> all;
  for (const GeneratedSource& package : plan.packages) all.push_back(plan.folder / package.name);
  all.insert(all.end(), plan.sources.begin(), plan.sources.end());
  return all;
}

void write_packages(const BuildPlan& plan, const fs::path& folder) {
  for (const GeneratedSource& package : plan.packages) write_atomically(folder / package.name, package.text);
}

BuildPlan plan_build(const PlanOptions& options) {
  BuildPlan plan;
  plan.board = read_board(options.constraints, options.board);
  plan.build = plan.board.build(options.build);
  const std::string origin = plan.board.file().string() + ": builds." + plan.build.name;
  std::error_code none;
  if (!fs::is_directory(options.rtl, none)) throw error("--rtl: {}: no such folder", options.rtl.string());
  const Configuration from = named(plan.build.configuration, options.rtl, origin);
  if (options.lanes != 0) plan.build.set["lanes"] = options.lanes;
  plan.configuration = with_changes(from, plan.build.set, origin + ".set");
  check_rank(plan.configuration, origin);
  check_memory(plan.configuration, plan.board, origin);
  try {
    plan.shipped = shipped_machine(options.assets, from, plan.configuration);
  } catch (const Error& e) {
    throw error("{}: the machine that ships for it does not fit: {}", origin, e.what());
  }
  plan.folder = options.out / plan.name();
  if (options.lanes != 0) plan.folder += fmt::format("-{}-lanes", options.lanes);
  // What synthesis reads: neither pins nor how a board is programmed.
  const std::string package = board_package(plan.board);
  const std::uint64_t hardware = hardware_hash(
      options.rtl,
      {{plan.board.top_file().filename().string(), read_text(plan.board.top_file())}, {"board_pkg.sv", package}});
  plan.hardware = fmt::format("{:016x}", hardware);
  plan.packages = {
      {"settle_pkg.sv",
       package_text(plan.configuration, read_register_map((options.rtl / "registers.json").string()),
                    read_gaussian_table((options.rtl / "gaussian_table.hex").string()), hardware_word(hardware))},
      {"board_pkg.sv", package}};
  plan.sources = rtl_sources(options.rtl);
  plan.sources.push_back(plan.board.top_file());
  plan.script = yosys_script(plan.board, all_sources(plan), plan.folder);
  std::string packages, texts;
  for (const GeneratedSource& package : plan.packages) packages += package.text;
  for (const fs::path& source : plan.sources) texts += read_text(source);
  check_logic_memories(plan.board, texts);
  plan.sources_hash = fmt::format("{:016x}", fnv1a64(plan.script + packages + texts));
  return plan;
}

}  // namespace settle
