// What every engine of the bench settles: a machine under the fields of sixteen noisy test images, each with noise of
// its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "array/ensemble/kernels.hpp"
#include "array/model/array_model.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "programs/bench/floats/float_machine.hpp"
#include "sim/bench_array/bench_array.hpp"

namespace settle {

struct BenchMachine {
  std::string name;
  std::shared_ptr<const FixedMachine> fixed;
  std::vector<Eigen::VectorXd> fields;  ///< [kChains][cells] physical units
  std::vector<std::int16_t> gains;      ///< [layers] of the noise, at the machine's temperature
  std::uint64_t seed = 0;               ///< of chain 0's noise; the others' follow it

  /// Cells that a step of one chain updates.
  double cells() const { return fixed->cells(); }

  /// Products that a step of one chain needs, sums included: multiplications with a coefficient.
  double products() const;
};

/// The shipped machine of a preset under test images with the noise level that it was fitted at. `seed`: of the noise
/// of images and cells. Throws Error naming file and field, Stopped if `stop` says yes.
BenchMachine shipped_machine(const std::string& preset, std::uint64_t seed, const std::function<bool()>& stop);

/// What the array of a chain (0 to kChains - 1) holds before a run: states of 0, the schedule empty. `noisy`: with the
/// gains; otherwise they are 0.
ArrayMemories chain_memories(const BenchMachine& machine, int chain, bool noisy = true);

/// The writes that bring chain 0 into an array behind its port. What bench_start() writes comes after them.
PortWrites port_writes(const BenchMachine& machine);

/// The same machine, fields and temperature (as the array's gains realise it) in float32.
FloatMachine float_machine(const BenchMachine& machine);

}  // namespace settle
