// Machines of whole feature maps: presets of kind `maps`. Makes the machine of one from the trained network.
//
// A layer stands for one map of the U-Net, a site for a site, a cell for a channel in units of its standard deviation
// (a leaky rectifier commutes with such units, so the kernels take them up). A convolution is a one-way bus with a 3x3
// range of taps; pooling and upsampling are the bus's resolution step; the rectifier is a cell of stiffness 1 with a
// force table, whose answer to the field u is max(u, slope u). At rest without noise a machine of full rank is the
// network. d3's bottleneck part may go through the digital interface: its kernel has rank 4 and one tap. Which maps are
// held and which settle is the preset's to say (host/assets/presets.json).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/presets/presets.hpp"
#include "fit/maps/machine_plan.hpp"
#include "fit/maps/map_statistics.hpp"
#include "machine/machine.hpp"
#include "network/graph/graph.hpp"

namespace settle {

/// Refuses upper bounds of ranks that `preset` cannot take, before any work. Throws Error that begins with `what` and
/// names the bus, those that the preset has, or the range.
void check_ranks(const std::map<std::string, int>& ranks, const Preset& preset, const Graph& network,
                 const std::string& what);

struct MapOptions {
  Preset preset;  ///< of kind `maps`; its ranks are chosen where lower ones than a convolution's own cost little
  double step = 0.0625;
  double kt = 0.0025;  ///< in units in which a channel's variance is 1
  int window_steps = 256;
  int table_pieces = 64;  ///< of the configuration's force tables
  /// Upper bounds, by bus, as check_ranks takes them; a bus not named has its convolution's own. Absent: the preset's.
  std::optional<std::map<std::string, int>> ranks;
};

/// One bus and what it costs.
struct BusReport {
  std::string name;
  int rank = 0;
  std::int64_t weights = 0;  ///< stored coefficients, both ends
  std::int64_t dense = 0;    ///< of the convolution that it stands for
  double left_out = 0;       ///< share of the convolution's mean square that a lower rank leaves out
};

struct MapReport {
  Machine machine;
  std::vector<BusReport> buses;
  std::map<std::string, double> table_errors;  ///< by layer: largest error of the mean answer, standard deviations
  std::int64_t weights = 0, dense = 0;         ///< of all buses and the interface; of the convolutions
};

/// How a plan's machine is built.
struct MapBuild {
  std::string name;           ///< of the preset, or of the network
  std::string configuration;  ///< a built-in one's name
  double step = 0.0625;
  double kt = 0.0025;  ///< in units in which a channel's variance is 1
  int settle_steps = 0, window_steps = 256;
  int table_pieces = 64;  ///< of the configuration's force tables
  std::map<std::string, int>
      ranks;               ///< upper bounds, by bus_name() (segment_bus.hpp); others have their convolution's own
  std::string interfaced;  ///< the map that comes through the digital interface; empty: none
  std::map<std::string, int> copies;  ///< by layer: equal cells per channel; others have one
};

/// The machine of a plan. Throws Error if a number does not fit the format.
MapReport build_machine(const Graph& network, const MachinePlan& plan,
                        const std::map<std::string, MapStatistics>& statistics, double sigma, const MapBuild& options);

/// The plan of a preset of maps. Throws Error as check_map_preset.
MachinePlan preset_plan(const Preset& preset, const Graph& network, double sigma);

/// Refuses a preset of another kind, and one whose maps, buses or ranks are not the network's or do not go together.
/// Throws Error, naming the preset, the field and what is wrong.
void check_map_preset(const Preset& preset, const Graph& network);

/// The machine of a preset from the network and its maps' statistics at noise level `sigma`; ready to run but for
/// configuration hash and provenance. Throws Error as check_map_preset and check_ranks, or if a number does not fit the
/// format.
MapReport fit_maps(const Graph& network, const std::map<std::string, MapStatistics>& statistics, double sigma,
                   const MapOptions& options);

/// The report as lines of text.
std::string table(const MapReport& report);

}  // namespace settle
