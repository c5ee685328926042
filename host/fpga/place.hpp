// Place-and-route of a netlist with several seeds (nextpnr of the family).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fpga/nextpnr_report.hpp"
#include "fpga/plan.hpp"
#include "fpga/synthesis.hpp"

namespace settle {

inline constexpr int kMostSeeds = 1000;

struct SeedResult {
  int seed = 0;
  std::string failure;  ///< why there is no placement; "": there is one
  PlaceReport report;
  bool reused = false;
};

struct Placement {
  std::vector<SeedResult> seeds;        ///< in order
  int fastest = -1;                     ///< of `seeds`, by index; -1: every seed failed
  double min = 0, median = 0, max = 0;  ///< of the array's clock over the seeds that are placed, MHz
  std::string nextpnr;                  ///< version

  /// The one that is packed. Only if one was placed.
  const SeedResult& best() const { return seeds.at(static_cast<std::size_t>(fastest)); }
};

/// Where a seed's results are.
std::filesystem::path seed_folder(const BuildPlan& plan, int seed);

/// By how much a clock of `fmax_mhz` is faster than the board's, as time per cycle; below 0: it is missed.
double slack_ns(double fmax_mhz, const Board& board);

/// Seeds 1 to `seeds`, `jobs` at a time, into <folder>/seed-N, which appears when its seed has ended. A seed of
/// the same netlist, pins and tool is taken as it is unless `fresh`. Throws Error if the tool is not there;
/// Stopped, if `stop` said so, with finished seeds kept.
Placement place(const BuildPlan& plan, const Synthesis& synthesis, int seeds, int jobs, bool fresh,
                const std::function<bool()>& stop);

/// The seeds as a table with min, median and max.
std::string seed_table(const Placement& placement, const Board& board);

/// Throws Error unless the best seed meets the board's clock: with its Fmax, slack, and where its slowest path begins
/// and ends; or with why no seed could be placed.
void check_timing(const Placement& placement, const BuildPlan& plan);

}  // namespace settle
