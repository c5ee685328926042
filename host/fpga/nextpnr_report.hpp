// What nextpnr reports of a placed and routed design (--report, JSON).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace settle {

/// One clock: how fast it can be, and what limits it.
struct ClockReport {
  std::string clock;  ///< the net's name as nextpnr has it
  double fmax_mhz = 0;
  double path_ns = 0;             ///< of the slowest path
  std::string begin, end;         ///< of the slowest path: cell and port, and the net that leaves the first
  std::vector<std::string> nets;  ///< along it
};

struct PlaceReport {
  ClockReport array;                ///< the clock that the array runs on
  std::map<std::string, int> used;  ///< by nextpnr's names of resources, ICESTORM_LC for instance
};

/// Reads the report. `clocks`: names that the array's clock has in the netlist. A report of one clock is that clock's;
/// of several the one with such a name is taken, and the slowest if none has. Throws Error if it is not such a report,
/// is cut short, or knows no clock.
PlaceReport read_place_report(const std::filesystem::path& path, const std::vector<std::string>& clocks);

}  // namespace settle
