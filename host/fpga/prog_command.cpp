#include "fpga/prog_command.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/process.hpp"
#include "base/processes.hpp"
#include "fpga/bitstream.hpp"
#include "fpga/place_tools.hpp"
#include "fpga/tools.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

std::string with(std::string word, const std::string& bitstream) {
  const std::string place = "{bitstream}";
  const std::size_t at = word.find(place);
  return at == std::string::npos ? word : word.replace(at, place.size(), bitstream);
}

/// The first line of a programmer's log that has one of these words; "" if none has.
std::string line_with(const std::string& log, const std::vector<const char*>& all) {
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = std::min(log.find('\n', begin), log.size());
    const std::string line = log.substr(begin, end - begin);
    std::string lower = line;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char* words : all) {
      if (lower.find(words) != std::string::npos) return one_line(line);
    }
    begin = end + 1;
  }
  return "";
}

// What iceprog and openFPGALoader say, and libftdi and libusb below them: of a USB device that another program has,
// and of none.
const std::vector<const char*> kInUse = {"unable to claim",   "claim interface", "claim_interface", "resource busy",
                                         "libusb_error_busy", "usb_claim",       "device is busy",  "already in use"};
const std::vector<const char*> kNoBoard = {"can't find", "unable to open", "device not found",
                                           "no device",  "fail to open",   "failed to open",
                                           "not find",   "error -3",       "no cable"};

/// How the bitstream comes to be.
std::string maker(const BuildPlan& plan, const PlanOptions& options) {
  const Board& board = plan.board;
  const std::string which = board.id + (options.build.empty() ? "" : " BUILD=" + plan.build.name);
  if (board.family == Family::ice40) return fmt::format("make bitstream BOARD={} writes it", which);
  const PlaceTool& tool = place_tool(board.family);
  if (tool.program.empty()) return fmt::format("Vivado writes it, with the script of make synth BOARD={}", which);
  return fmt::format("make synth BOARD={} writes it, where {} and {} are installed", which, tool.program, tool.packer);
}

}  // namespace

void program_board(const PlanOptions& options, const std::function<bool()>& stop) {
  const BuildPlan plan = plan_build(options);
  const Board& board = plan.board;
  const fs::path bitstream = plan.bitstream();
  const FolderLock lock(plan.folder, "settle-fpga prog");  // nobody builds anew what is being loaded
  const std::string fault = bitstream_fault(plan);
  if (!fault.empty()) throw error("{}: {}; {}", board.name, fault, maker(plan, options));
  require_tool(board.program[0]);
  Command command;
  for (const std::string& word : board.program) command.words.push_back(with(word, as_argument(bitstream)));
  command.log = plan.folder / "prog.log";
  fmt::print("{}: {}\n", board.name, fmt::join(command.words, " "));
  std::fflush(stdout);
  const Ended ended = run(command, stop);
  const std::string said = read_text(command.log);
  if (ended.good()) {
    fmt::print("{}{} holds {}\n", said, board.name, bitstream.string());
    return;
  }
  std::fwrite(said.data(), 1, said.size(), stderr);
  if (ended.stopped) throw Stopped(board.name + ": interrupted: what the board holds is not known, program it again");
  const std::string busy = line_with(said, kInUse);
  if (!busy.empty()) {
    const std::optional<Process> user = user_of_usb();
    throw error("{}: in use by another program{}: {} said \"{}\"; end it and program the board again", board.name,
                user ? ", perhaps " + user->text() : "", board.program[0], busy);
  }
  const std::string missing = line_with(said, kNoBoard);
  if (!missing.empty()) {
    throw error("{}: no board found: {} said \"{}\"; is it plugged in, and may this user open its USB device?",
                board.name, board.program[0], missing);
  }
  throw error("{}: {} failed ({}): {}", board.name, board.program[0], ended.text(), reason_in(command.log));
}

}  // namespace settle
