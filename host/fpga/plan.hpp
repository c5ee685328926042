// A board's build before any tool has run: everything checked that can be, and every text that the tools will read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "fpga/board.hpp"
#include "fpga/shipped_machine.hpp"

namespace settle {

/// Where things are, and which build of which board.
struct PlanOptions {
  std::string board, build;  ///< build "": the board's default
  std::filesystem::path constraints = "constraints";
  std::filesystem::path rtl = "rtl";
  std::filesystem::path out = "out/fpga";
  std::filesystem::path assets;  ///< of the machines that ship
  int lanes = 0;                 ///< other lanes than the build's; 0: the build's
};

struct BuildPlan {
  Board board;
  BoardBuild build;
  Configuration configuration;
  std::optional<ShippedMachine> shipped;
  std::filesystem::path folder;  ///< <out>/<board>-<build>
  std::string git;               ///< 12 digits of the commit that last changed RTL or board; "-dirty"; "unknown"
  std::string package;           ///< text of settle_pkg.sv
  std::vector<std::filesystem::path> sources;  ///< RTL and top, without the package
  std::string script;                          ///< text of synth.ys
  std::string sources_hash;                    ///< of all that synthesis reads

  std::string name() const { return board.id + "-" + build.name; }
  std::filesystem::path netlist() const { return folder / (board.top + ".json"); }
  std::filesystem::path bitstream() const;
};

/// Removes the bitstream, and what was written with it.
void remove_bitstream(const BuildPlan& plan);

/// Reads and checks. Writes nothing. Throws Error naming file, field and range: as read_board and the configuration's
/// checks; where a bus of the configuration's rank does not fit its memories; where the memories are more than the
/// device has; where a logic memory is no instance; where the shipped machine does not fit.
BuildPlan plan_build(const PlanOptions& options);

}  // namespace settle
