#include "fpga/show_command.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/program.hpp"

namespace settle {

namespace {

std::vector<std::pair<std::string, std::string>> fields_of(const Board& b) {
  std::vector<std::string> builds, settings;
  for (const BoardBuild& build : b.builds) builds.push_back(build.name);
  for (const auto& [name, value] : b.pll) settings.push_back(fmt::format("{}={}", name, value));
  const auto words = [](const std::vector<std::string>& list) { return fmt::format("{}", fmt::join(list, " ")); };
  return {{"name", b.name},
          {"family", name_of(b.family)},
          {"device", b.device},
          {"package", b.package},
          {"top", b.top},
          {"pins", b.pins},
          {"clock_hz", std::to_string(b.clock_hz)},
          {"oscillator_hz", std::to_string(b.oscillator_hz)},
          {"pll", words(settings)},
          {"baud", std::to_string(b.baud)},
          {"logic_cells", std::to_string(b.logic_cells)},
          {"block_rams", std::to_string(b.block_rams)},
          {"multipliers", std::to_string(b.multipliers)},
          {"large_rams", std::to_string(b.large_rams)},
          {"logic_memories", words(b.logic_memories)},
          {"builds", words(builds)},
          {"program", words(b.program)},
          {"sources", words(b.sources)}};
}

}  // namespace

int list_boards(const std::filesystem::path& constraints, const std::string& family) {
  int status = kExitOk;
  for (const std::string& name : board_names(constraints)) {
    try {
      if (family.empty() || name_of(read_board(constraints, name).family) == family) fmt::print("{}\n", name);
    } catch (const Error& e) {
      tell("settle-fpga", e.what());
      status = kExitFailed;
    }
  }
  return status;
}

void check_field(const std::string& field) {
  std::vector<std::string> names;
  for (const auto& [name, value] : fields_of({})) names.push_back(name);
  if (std::find(names.begin(), names.end(), field) != names.end()) return;
  throw usage_error("--field: \"{}\": unknown; known are {}", one_line(field), fmt::join(names, ", "));
}

void show_board(const Board& board, const std::optional<std::string>& field) {
  if (field) check_field(*field);
  std::string all;
  for (const auto& [name, value] : fields_of(board)) {
    if (name == field) {
      fmt::print("{}\n", value);
      return;
    }
    if (!value.empty()) all += fmt::format("{:<15} {}\n", name, value);
  }
  fmt::print("{}", all);
}

}  // namespace settle
