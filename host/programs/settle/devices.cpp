// `settle devices`: what a run can be made on, as lines of text or, with --json, as one object
// (host/programs/README.md).
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/engine_names.hpp"
#include "programs/settle/boards.hpp"
#include "programs/settle/commands.hpp"
#include "programs/settle/device_choice.hpp"

namespace settle {

namespace {

using Json = nlohmann::ordered_json;

struct DevicesSettings {
  std::vector<std::string> names;  ///< lines to look at; empty: every serial port that may have a board on it
  bool json = false;
  std::uint64_t patience = kFirstAnswer.count();  ///< seconds that a board of a named line is waited for
  std::function<bool()> stop;                     ///< the user wants to end
};

const char* status_text(BoardStatus status) {
  switch (status) {
    case BoardStatus::ready:
      return "ready";
    case BoardStatus::unknown:
      return "unknown configuration";
    case BoardStatus::in_use:
      return "in use";
    default:
      return "no board";
  }
}

bool has_answered(const FoundBoard& board) {
  return board.status == BoardStatus::ready || board.status == BoardStatus::unknown;
}

void print_engines() {
  const std::string every = fmt::format("every configuration: {}", fmt::join(configuration_names(), ", "));
  for (const char* engine : {kModelEngine, kEnsembleEngine}) fmt::print("{}  {}\n", engine, every);
  fmt::print("{}  verilated in this build: {}; any other when it is first run\n", kRtlEngine,
             rtl_device_keys().empty() ? "none" : fmt::format("{}", fmt::join(rtl_device_keys(), ", ")));
}

void print_board(const FoundBoard& board) {
  const std::string line = one_line(board.line);
  if (!has_answered(board)) {
    fmt::print("{}  {}: {}\n", line, status_text(board.status), board.reason);
    return;
  }
  const Configuration& c = board.configuration;
  fmt::print("{}  configuration {} ({:016x}), {} lanes, {} cells, hardware {:08x}\n", line,
             c.name.empty() ? "unknown to this build" : c.name, board.hash, c.lanes, c.cells, board.hardware);
}

Json board_json(const FoundBoard& board) {
  if (!has_answered(board)) {
    return {{"name", board.line},
            {"status", status_text(board.status)},
            {"reason", board.reason},
            {"configuration", nullptr},
            {"configuration_hash", nullptr},
            {"lanes", nullptr},
            {"cells", nullptr},
            {"hardware", nullptr}};
  }
  const Configuration& c = board.configuration;
  const bool known = board.status == BoardStatus::ready;
  return {{"name", board.line},
          {"status", status_text(board.status)},
          {"reason", nullptr},
          {"configuration", known ? Json(c.name) : Json(nullptr)},
          {"configuration_hash", fmt::format("{:016x}", board.hash)},
          {"lanes", c.lanes},
          {"cells", c.cells},
          {"hardware", fmt::format("{:08x}", board.hardware)}};
}

/// Exit status: 1 if lines were named and one of them has no board that this build can run on.
int devices(const DevicesSettings& settings) {
  const bool named = !settings.names.empty();
  if (!named && !settings.json) print_engines();
  const std::vector<std::string> lines = named ? settings.names : serial_ports();
  if (lines.empty() && !settings.json) {
    fmt::print(
        "no serial port of a USB adapter or board in /dev; a virtual board is named by hand, as in\n"
        "settle devices tcp:localhost:PORT\n");
  }
  bool all = true, silent = false;
  Json boards = Json::array();
  const LinkTimes times = times_of(std::chrono::seconds(named ? settings.patience : 0), settings.stop);
  for (const std::string& line : lines) {
    const FoundBoard board = look_at(line, times);
    if (settings.stop && settings.stop()) return refuse("settle", "interrupted", kExitInterrupted);
    silent = silent || board.status == BoardStatus::none;
    all = all && board.status == BoardStatus::ready;
    if (settings.json) {
      boards.push_back(board_json(board));
    } else {
      print_board(board);
    }
  }
  if (silent && !named && !settings.json) {
    fmt::print(
        "each port was looked at for a second; for a board that boots for longer, as many do when their port is "
        "opened:\n"
        "settle devices PORT\n");
  }
  if (settings.json) {
    const Json engines = {{{"name", kModelEngine}, {"configurations", configuration_names()}},
                          {{"name", kEnsembleEngine}, {"configurations", configuration_names()}},
                          {{"name", kRtlEngine}, {"configurations", rtl_device_keys()}}};
    const Json found = {{"engines", engines}, {"boards", boards}};
    fmt::print("{}", to_text(found));
  }
  if (all || !named) return kExitOk;
  return refuse("settle", "devices: not every line that was named has a board on which this build can run");
}

}  // namespace

ProgramCommand add_devices(CommandLine& app, const Surroundings& surroundings) {
  const auto settings = std::make_shared<DevicesSettings>();
  settings->stop = surroundings.stop;
  CommandOptions* command = app.add_command("devices", "what can be run on: engines of this build, attached boards");
  command->add_option("device", settings->names, "only these: serial:PATH[@BAUD], tcp:HOST:PORT")->check(line_name());
  command
      ->add_option("--patience", settings->patience,
                   "seconds that a board which does not answer is waited for, if its line is named; 0: a quick look")
      ->check(whole(0, kMostPatienceSeconds))
      ->shows_default();
  command->add_flag("--json", settings->json, "as JSON (host/programs/README.md says what it holds)");
  return {command, [settings] { return devices(*settings); }};
}

}  // namespace settle
