#include "fpga/yosys_script.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/process.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

/// Memories are mapped between the two halves: the coefficients, and only they, are told to go to the large RAMs, and
/// the board's logic_memories to logic cells. A name that no memory has ends yosys: it would go to a block RAM unseen.
/// Module boundaries that keep look-up tables apart (rtl/mux4_first.sv) have done so when the tables are there. No
/// abc9: it takes more of them.
std::string ice40(const Board& board) {
  const std::string synth = fmt::format("synth_ice40 -top {}{}{}", board.top, board.multipliers > 0 ? " -dsp" : "",
                                        board.large_rams > 0 ? " -spram" : "");
  std::string text = synth + " -run begin:map_ram\n";
  if (board.large_rams > 0) text += "setattr -set ram_style \"huge\" */*u_coefficients* %% t:$mem_v2 %i\n";
  for (const std::string& name : board.logic_memories) {
    const std::string memory = fmt::format("*/*.{}.* %% t:$mem_v2 %i", name);
    text += fmt::format("select -assert-min 1 {0}\nsetattr -set ram_style \"logic\" {0}\n", memory);
  }
  return text +
         fmt::format("{} -run map_ram:json\nsetattr -mod -unset keep_hierarchy *\nflatten\nclean\nwrite_json {}\n",
                     synth, kUnfinishedNetlist);
}

/// Module boundaries that keep look-up tables apart serve the iCE40 only; here they would stay in the netlist, which
/// nextpnr wants in one piece. They are taken away where every module has its parameters.
std::string without_boundaries(const Board& board) {
  return fmt::format("hierarchy -top {}\nsetattr -mod -unset keep_hierarchy *\n", board.top);
}

std::string synthesis(const Board& board) {
  switch (board.family) {
    case Family::ice40:
      return ice40(board);
    case Family::ecp5:
      return without_boundaries(board) +
             fmt::format("synth_ecp5 -abc9 -top {} -json {}\n", board.top, kUnfinishedNetlist);
    case Family::xilinx:
      // No abc9: with memories of look-up tables (RAM32M) yosys 0.23 ends in "vector::_M_range_check" there.
      return without_boundaries(board) +
             fmt::format("synth_xilinx -flatten -family xc7 -top {}\nwrite_json {}\n", board.top, kUnfinishedNetlist);
    case Family::gowin:
      // Its own -json leaves out block RAM (yosys 0.23).
      return without_boundaries(board) +
             fmt::format("synth_gowin -top {}\nwrite_json {}\n", board.top, kUnfinishedNetlist);
  }
  return "";
}

/// A file's name as one word of the script: in quotes, within which it has no escapes. It reads names as patterns.
std::string yosys_word(const std::string& name) {
  const auto odd = [](unsigned char c) {
    return c < 0x20 || c == 0x7f || std::string("\"\\*?[").find(static_cast<char>(c)) != std::string::npos;
  };
  if (std::any_of(name.begin(), name.end(), odd)) {
    throw error("{}: yosys reads no file whose path holds \", \\, *, ?, [ or a control character", one_line(name));
  }
  return '"' + name + '"';
}

}  // namespace

std::string yosys_script(const Board& board, const std::vector<fs::path>& sources, const fs::path& folder) {
  std::string text =
      fmt::format("# {}: written by settle-fpga, run by yosys in this folder\nread_verilog -sv", board.name);
  for (const fs::path& source : sources) {
    // Relative, so that names in netlist and reports are the same wherever the tree lies.
    text += " \\\n  " + yosys_word(seen_from(folder, source));
  }
  return text + "\n" + synthesis(board) + fmt::format("tee -o {} stat -json\n", kCellCounts);
}

}  // namespace settle
