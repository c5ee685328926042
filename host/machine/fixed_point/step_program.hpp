// The program of one step: which operations, in which order, make a machine's layers and buses act. It appends the
// coefficients that these operations read and gives every bus its words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "array/model/operation.hpp"
#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/coefficient_memory.hpp"
#include "machine/machine.hpp"

namespace settle {

struct StepProgram {
  std::vector<Operation> operations;  ///< trace, projections, barrier, each layer's update, end
  /// The operations of each layer's update: what its force is a sum of.
  std::vector<std::vector<Operation>> updates;
  int words = 0;  ///< bus words in use
  StepProducts products;
};

/// `layers`: the machine's layers as the array holds them, their fields and references in `memory` already. `traced`:
/// layer whose overlap and square the trace records, -1: none. Throws Error, which begins with `name`, if a coefficient
/// does not fit or the machine needs what the configuration does not have.
StepProgram step_program(const Machine& machine, const Configuration& configuration, const std::string& name,
                         const std::vector<LayerContents>& layers, int traced, CoefficientMemory& memory);

}  // namespace settle
