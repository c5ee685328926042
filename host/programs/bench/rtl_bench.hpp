// The engines that have a clock, on the default machine: Icarus, plain verilator, the verilated RTL. Each must end in
// the model's states.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "programs/bench/bench_machine.hpp"
#include "programs/bench/bench_results.hpp"
#include "programs/bench/icarus.hpp"
#include "sim/rtl_device.hpp"

namespace settle {

class RtlBench {
 public:
  /// `machine`: of the configuration `anchored`. Icarus works in options.out. Throws Error as Icarus and the devices.
  RtlBench(const BenchMachine& machine, const BenchOptions& options);

  /// One run of each. Throws Error if an engine's states are not the model's.
  void measure(BenchResults& results);

 private:
  void measure_icarus(BenchResults& results);
  void measure_verilated(RtlDevice& device, const char* engine, const char* note, BenchResults& results);
  const std::vector<std::uint32_t>& expected(std::uint32_t steps) const { return expected_.at(steps); }

  std::string name_;
  bool quick_;
  PortWrites load_;
  Icarus icarus_;
  std::unique_ptr<RtlDevice> verilated_, plain_, plain_o3_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> expected_;  ///< by steps
};

}  // namespace settle
