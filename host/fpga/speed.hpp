// How fast a board's build is: cycles per run, as the verilated RTL counts them, and how fast the engines of this
// computer are, to compare the board with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace settle {

/// One run of the shipped machine, its settling and its averaging, on the verilated RTL of a build.
struct Speed {
  std::string board, build;
  std::string configuration_hash;
  std::string hardware;  ///< as BuildPlan has it
  int lanes = 0;
  std::int64_t steps = 0;        ///< per run
  std::int64_t cells = 0;        ///< updated in every step
  std::int64_t cycles = 0;       ///< of the array's clock, per run
  std::int64_t products = 0;     ///< that change a state, sum or counter, per run
  double verilated_updates = 0;  ///< cell updates/s of the verilated RTL, one thread, CPU time
  double model_updates = 0;      ///< of the C++ model

  /// Share of multiplier slots, one for each lane and cycle, that do needed work: above 0, at most 1.
  double utilisation() const { return static_cast<double>(products) / (static_cast<double>(cycles) * lanes); }
  /// Cell updates per second of an array with that clock.
  double updates(double hz) const { return static_cast<double>(cells * steps) / static_cast<double>(cycles) * hz; }
  /// The same if a product came from every lane in every cycle.
  double updates_limit(double hz) const {
    return static_cast<double>(cells * steps) * lanes / static_cast<double>(products) * hz;
  }
  /// Runs per second of an array with that clock.
  double inferences(double hz) const { return hz / static_cast<double>(cycles); }
};

/// As read_speed takes it: the members under their names, but `hardware_hash` and `..._updates_per_second`.
nlohmann::ordered_json to_json(const Speed& speed);

/// The speed of a build as settle-fpga-speed wrote it to `file`. Nothing if `file` is empty, or has none of this board
/// and build, or one of other hardware. Throws Error if it is not there or is not such a file.
std::optional<Speed> read_speed(const std::filesystem::path& file, const std::string& board, const std::string& build,
                                const std::string& hardware);

}  // namespace settle
