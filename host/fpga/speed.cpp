#include "fpga/speed.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "base/json.hpp"

namespace settle {

nlohmann::ordered_json to_json(const Speed& s) {
  return {{"board", s.board},
          {"build", s.build},
          {"configuration_hash", s.configuration_hash},
          {"hardware_hash", s.hardware},
          {"lanes", s.lanes},
          {"steps", s.steps},
          {"cells", s.cells},
          {"cycles", s.cycles},
          {"products", s.products},
          {"verilated_updates_per_second", s.verilated_updates},
          {"model_updates_per_second", s.model_updates}};
}

std::optional<Speed> read_speed(const std::filesystem::path& file, const std::string& board, const std::string& build,
                                const std::string& hardware) {
  if (file.empty()) return std::nullopt;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const JsonValue& item : read_json(file).items()) {
    if (item.at("board").text() != board || item.at("build").text() != build ||
        item.at("hardware_hash").text() != hardware) {
      continue;
    }
    Speed s;
    s.board = board;
    s.build = build;
    s.hardware = hardware;
    s.configuration_hash = item.at("configuration_hash").text();
    s.lanes = item.at("lanes").integer(1);
    s.steps = item.at("steps").integer64(1, kMost);
    s.cells = item.at("cells").integer64(1, kMost);
    s.cycles = item.at("cycles").integer64(1, kMost);
    s.products = item.at("products").integer64(1, kMost);
    s.verilated_updates = item.at("verilated_updates_per_second").number();
    s.model_updates = item.at("model_updates_per_second").number();
    return s;
  }
  return std::nullopt;
}

}  // namespace settle
