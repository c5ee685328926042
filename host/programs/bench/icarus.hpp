// The RTL in Icarus Verilog: compiled once, then run as a process for each measurement.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/bench_array/bench_array.hpp"

namespace settle {

class Icarus {
 public:
  /// Compiles the RTL with the package of its configuration and sim/icarus_bench.sv; works in `folder`.
  /// Throws Error if iverilog is missing or refuses, Stopped if the user wants to end.
  Icarus(const std::filesystem::path& source, const std::filesystem::path& package,
         const std::filesystem::path& folder);

  struct Run {
    double seconds = 0;        ///< CPU time of the whole process, loading included
    std::uint64_t cycles = 0;  ///< busy clock cycles of the run, as the array counts them
    std::vector<std::uint32_t> states;
  };

  /// Makes the writes, the last of which starts a run, and waits for its end.
  Run run(const PortWrites& writes) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace settle
