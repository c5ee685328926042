#include "fpga/prog_command.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "core/error.hpp"
#include "core/files.hpp"
#include "fpga/process.hpp"
#include "fpga/tools.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

std::string with(std::string word, const std::string& bitstream) {
  const std::string place = "{bitstream}";
  const std::size_t at = word.find(place);
  return at == std::string::npos ? word : word.replace(at, place.size(), bitstream);
}

/// The line in which iceprog or openFPGALoader say that they find no board; "" if none does.
std::string no_board_line(const std::string& log) {
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = std::min(log.find('\n', begin), log.size());
    const std::string line = log.substr(begin, end - begin);
    std::string lower = line;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char* words : {"can't find", "unable to open", "device not found", "no device", "fail to open",
                              "failed to open", "not find", "error -3", "no cable"}) {
      if (lower.find(words) != std::string::npos) return one_line(line);
    }
    begin = end + 1;
  }
  return "";
}

}  // namespace

void program_board(const PlanOptions& options, const std::function<bool()>& stop) {
  const Board board = read_board(options.constraints, options.board);
  const BoardBuild& build = board.build(options.build);
  const fs::path folder = options.out / (board.id + "-" + build.name);
  const fs::path bitstream = bitstream_of(board, folder);
  std::error_code none;
  if (!fs::is_regular_file(bitstream, none)) {
    throw error("{}: no bitstream: {} is not there; make {} BOARD={}{} writes it", board.name, bitstream.string(),
                board.family == Family::ice40 ? "bitstream" : "synth", board.id,
                options.build.empty() ? "" : " BUILD=" + build.name);
  }
  require_tool(board.program[0]);
  Command command;
  for (const std::string& word : board.program) command.words.push_back(with(word, bitstream.string()));
  command.log = folder / "prog.log";
  fmt::print("{}: {}\n", board.name, fmt::join(command.words, " "));
  std::fflush(stdout);
  const Ended ended = run(command, stop);
  const std::string said = read_text(command.log);
  if (ended.good()) {
    fmt::print("{}{} holds {}\n", said, board.name, bitstream.string());
    return;
  }
  fmt::print(stderr, "{}", said);
  if (ended.stopped) throw Stopped(board.name + ": interrupted: what the board holds is not known, program it again");
  const std::string missing = no_board_line(said);
  if (!missing.empty()) {
    throw error("{}: no board found: {} said \"{}\"; is it plugged in, and may this user open its USB device?",
                board.name, board.program[0], missing);
  }
  throw error("{}: {} failed ({}): {}", board.name, board.program[0], ended.text(), reason_in(command.log));
}

}  // namespace settle
