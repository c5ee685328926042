// Machines that settle whole feature maps of the network: presets map, map-bus, unet and whole.
//
// A layer stands for one map of the U-Net, a site for a site, a cell for a channel in units of its standard deviation
// (a leaky rectifier commutes with such units, so the kernels take them up). A convolution is a one-way bus with a 3x3
// range of taps; pooling and upsampling are the bus's resolution step; the rectifier is a cell of stiffness 1 with a
// force table, whose answer to the field u is max(u, slope u). At rest without noise a machine of full rank is the
// network.
//
//   map       e3 held -> d3, rank 16; d3's bottleneck part through the interface (its kernel has rank 4 and one tap)
//   map-bus   b held too, a bus of rank 4 in the interface's place
//   unet      e1, e2, e3 held; d3, d2, d1 settle together; the interface as in map
//   whole     the pixels held, everything else settles
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fit/maps/map_statistics.hpp"
#include "machine/machine.hpp"
#include "network/unet/unet.hpp"

namespace settle {

/// A preset's ranks where they are lower than the convolution's own, by the bus's name; README's table says what each
/// costs in weights and dB.
std::map<std::string, int> measured_ranks(const std::string& preset);

inline constexpr int kMostRank = 64;  ///< of a convolution of this network

/// Refuses upper bounds of ranks that `preset` cannot take, before any work. Throws Error that begins with `what` and
/// names the bus, those that the preset has, or the range.
void check_ranks(const std::map<std::string, int>& ranks, const std::string& preset, const std::string& what);

struct MapOptions {
  std::string preset = "map";
  double step = 0.0625;
  double kt = 0.0025;  ///< in units in which a channel's variance is 1
  int window_steps = 256;
  int table_pieces = 64;  ///< of the configuration's force tables
  /// Upper bounds, by bus, as check_ranks takes them; a bus not named has its convolution's own. Absent: measured.
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

/// Whether a preset is one of these.
bool is_map_preset(const std::string& preset);

/// The configuration that such a preset's machine is made for. Throws Error for another preset.
std::string map_configuration(const std::string& preset);

/// The machine of a preset from the network and its maps' statistics at noise level `sigma`; ready to run but for
/// configuration hash and provenance. Throws Error for an unknown preset, or if a number does not fit the format.
MapReport fit_maps(const Unet& unet, const std::map<std::string, MapStatistics>& statistics, double sigma,
                   const MapOptions& options);

/// The report as lines of text.
std::string table(const MapReport& report);

}  // namespace settle
