// What a preset is: its name, the configuration that it runs on, how its machine is fitted, and the targets that a run
// of it is judged by. All presets stand in one data file, host/assets/presets.json. To add one: an entry there, then
// `make fit`; a fit function too if its kind is new.
#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace settle {

/// The closed range that a measure must lie in. An end at infinity is no bound; one end at least is finite.
struct Target {
  std::string measure;  ///< path in report.json, as in "decoder.cosine"
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool clocked = false;  ///< it is of engines with a clock alone: not of the model
};

/// Which fit makes a preset's machine.
enum class FitKind {
  anchored,  ///< fit/vectors/anchored.hpp
  paper,     ///< fit/vectors/paper.hpp
  maps,      ///< fit/maps/map_machine.hpp
};

inline constexpr int kMostRank = 64;  ///< of a convolution of the network

/// What a machine of feature maps consists of. Maps are named as in the network: input, e1 .. d1.
struct MapPlan {
  std::vector<std::string> held;     ///< layers held by their activations, one at least
  std::vector<std::string> settles;  ///< layers that settle, in the network's order, one at least; the last is read out
  bool interface = false;            ///< the digital interface stands in the place of the bus from the bottleneck to d3
  int settle_steps = 0;              ///< what settling to 1 % takes, and a quarter more; 1 to kMostSettleSteps
  std::map<std::string, int>
      ranks;  ///< upper bounds by bus, as in {"d3-d2", 32}, 1 to kMostRank; others: the convolution's
};

struct Preset {
  std::string name;           ///< small letters, digits and "-"; its machine file is NAME.machine.json
  std::string purpose;        ///< one line for people
  std::string configuration;  ///< a built-in configuration's name
  FitKind kind = FitKind::anchored;
  MapPlan maps;                 ///< kind `maps` only
  std::vector<Target> targets;  ///< no measure twice; empty: runs of the preset are not judged
};

/// Reads presets in the form of host/assets/presets.json. `origin` names the text in errors. Throws Error, naming the
/// place and what is allowed there, for what is not JSON, unknown, missing or repeated keys, wrong types, values out of
/// range, unknown configurations and names that stand twice. Names of maps, buses and measures are checked by what
/// knows them: fit_maps and check_targets.
std::vector<Preset> parse_presets(const std::string& text, const std::string& origin);

/// As parse_presets, of a file.
std::vector<Preset> load_presets(const std::filesystem::path& path);

/// The presets' names, in the file's order.
std::vector<std::string> preset_names(const std::vector<Preset>& presets);

/// The preset `name`. Throws Error, which begins with `what` and lists the known ones, if there is none.
const Preset& find_preset(const std::vector<Preset>& presets, const std::string& name, const std::string& what);

}  // namespace settle
