// The bench array on the ensemble engine: a chain as every other engine has it, and fifteen with other noise beside it.
#pragma once

#include <cstdint>
#include <vector>

#include "array/ensemble/array_block.hpp"
#include "device/model_device.hpp"

namespace settle {

class EnsembleRun {
 public:
  /// Takes over what was written to the model. Throws ensemble::NotProved.
  explicit EnsembleRun(const ModelDevice& loaded);

  /// Makes a run of `steps` steps from state zero, at step number zero, with cleared sums, each of them summed.
  void run(std::uint32_t steps);

  /// States of the cells as the port would give those of the chain that has the array's own noise.
  std::vector<std::uint32_t> states() const;

  const char* instructions() const { return ensemble::best_kernels().name; }

 private:
  ArrayMemories memories_;
  ensemble::ArrayBlock block_;
};

}  // namespace settle
