// A board: constraints/<board>/board.json, read strictly. The one reader of that file in C++.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace settle {

enum class Family { ice40, ecp5, xilinx, gowin };

/// Names of the families as board.json has them, in the order of Family: "ice40", "ecp5", "xilinx", "gowin".
const std::vector<std::string>& family_names();
/// Its name among these.
std::string name_of(Family family);

/// What the array on a board is built from.
struct BoardBuild {
  std::string name;
  std::string configuration;       ///< its name in rtl/configurations.json
  std::map<std::string, int> set;  ///< fields with other values than the configuration's
};

struct Board {
  std::string id;                ///< the folder's name
  std::filesystem::path folder;  ///< constraints/<id>
  std::string name;              ///< as people call it
  Family family = Family::ice40;
  std::string device, package;  ///< as the place-and-route tool calls them
  std::string top;              ///< module, and <top>.sv in the folder
  std::string pins;             ///< file in the folder
  std::int64_t clock_hz = 0;    ///< what the array runs on
  std::int64_t oscillator_hz = 0;
  std::map<std::string, int> pll;  ///< values of pll_settings(family), by name; empty: no PLL
  std::int64_t baud = 0;
  // What the device has.
  int logic_cells = 0;  ///< LUTs
  int block_rams = 0;
  int multipliers = 0;
  int large_rams = 0;
  std::vector<std::string> logic_memories;  ///< instances of memories that logic cells make, each once; iCE40 only
  std::vector<BoardBuild> builds;           ///< at least one; the first is the default
  std::vector<std::string> program;         ///< loads the bitstream; {bitstream} is replaced by its path
  std::vector<std::string> sources;         ///< where the pins were looked up, at least two

  std::filesystem::path file() const { return folder / "board.json"; }
  std::filesystem::path top_file() const { return folder / (top + ".sv"); }
  std::filesystem::path pins_file() const { return folder / pins; }

  /// The build of that name, the default for "". Throws UsageError listing the names.
  const BoardBuild& build(const std::string& wanted) const;
};

/// Names of all folders in `constraints` that hold a board.json, in order. Throws Error if there is no such folder,
/// and if there are no boards in it.
std::vector<std::string> board_names(const std::filesystem::path& constraints);

/// Reads constraints/<id>/board.json. Throws UsageError for an unknown board (lists the known ones), Error for text
/// that is not JSON, missing and unknown keys, wrong types, values out of range, names that stand twice, a PLL that
/// leaves its range or makes another clock than clock_hz, and a top or pin file that is missing.
Board read_board(const std::filesystem::path& constraints, const std::string& id);

}  // namespace settle
