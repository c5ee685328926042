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

/// A file that is written for the tools.
struct GeneratedSource {
  std::string name;  ///< in the build's folder
  std::string text;
};

struct BuildPlan {
  Board board;
  BoardBuild build;
  Configuration configuration;
  std::optional<ShippedMachine> shipped;
  std::filesystem::path folder;                ///< <out>/<board>-<build>
  std::string hardware;                        ///< 16 hex digits: hardware_hash of RTL, top and board package
  std::vector<GeneratedSource> packages;       ///< settle_pkg.sv and board_pkg.sv, as tools read them, before `sources`
  std::vector<std::filesystem::path> sources;  ///< RTL and top
  std::string script;                          ///< text of synth.ys
  std::string sources_hash;                    ///< of all that synthesis reads

  std::string name() const { return board.id + "-" + build.name; }
  std::filesystem::path netlist() const { return folder / (board.top + ".json"); }
  std::filesystem::path bitstream() const;  ///< what prog loads; the file may not be there
};

/// The plan's packages, in its folder, and its sources: what a tool reads, in this order.
std::vector<std::filesystem::path> all_sources(const BuildPlan& plan);

/// Writes the plan's packages into `folder`.
void write_packages(const BuildPlan& plan, const std::filesystem::path& folder);

/// Reads and checks. Writes nothing. Throws Error naming file, field and range: as read_board and the configuration's
/// checks; where a bus of the configuration's rank does not fit its memories; where the memories are more than the
/// device has; where a logic memory is no instance; where the shipped machine does not fit.
BuildPlan plan_build(const PlanOptions& options);

}  // namespace settle
