#include "fpga/speed.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {

nlohmann::ordered_json to_json(const Speed& s) {
  return {{"board", s.board},
          {"build", s.build},
          {"configuration_hash", s.configuration_hash},
          {"git_hash", s.git},
          {"lanes", s.lanes},
          {"steps", s.steps},
          {"cells", s.cells},
          {"cycles", s.cycles},
          {"products", s.products},
          {"verilated_updates_per_second", s.verilated_updates},
          {"model_updates_per_second", s.model_updates}};
}

std::optional<Speed> read_speed(const std::filesystem::path& file, const std::string& board, const std::string& build,
                                const std::string& git) {
  if (file.empty()) return std::nullopt;
  try {
    for (const auto& item : nlohmann::json::parse(read_text(file))) {
      if (item.at("board") != board || item.at("build") != build || item.at("git_hash") != git) continue;
      Speed s;
      s.board = board;
      s.build = build;
      s.git = git;
      s.configuration_hash = item.at("configuration_hash");
      s.lanes = item.at("lanes");
      s.steps = item.at("steps");
      s.cells = item.at("cells");
      s.cycles = item.at("cycles");
      s.products = item.at("products");
      s.verilated_updates = item.at("verilated_updates_per_second");
      s.model_updates = item.at("model_updates_per_second");
      if (s.lanes < 1 || s.steps < 1 || s.cells < 1 || s.cycles < 1 || s.products < 1) {
        throw error("{}: {} {}: a number below 1", file.string(), board, build);
      }
      return s;
    }
  } catch (const nlohmann::json::exception& e) {
    throw error("{}: is not what settle-fpga-speed writes: {}", file.string(), one_line(e.what()));
  }
  return std::nullopt;
}

}  // namespace settle
