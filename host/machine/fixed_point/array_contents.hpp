// A machine in fixed point: what the array's memories must hold, and how to turn its integers back into physical units.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "array/model/layer_descriptor.hpp"
#include "array/model/operation.hpp"
#include "contract/configuration/configuration.hpp"
#include "machine/machine.hpp"

namespace settle {

/// Products that change a state, a sum or a counter in one step, from coefficients that the machine enables.
struct StepProducts {
  std::int64_t always = 0;   ///< every step
  std::int64_t project = 0;  ///< steps in which bus words are refreshed
  std::int64_t noise = 0;    ///< steps with a noise gain above 0
  std::int64_t window = 0;   ///< steps of an averaging window
  std::int64_t trace = 0;    ///< steps with a trace entry
};

/// A layer of the machine as the array holds it.
struct LayerContents : LayerDescriptor {
  double scale = 1;                  ///< physical units per state unit
  bool per_site_field = false;       ///< one field per cell; otherwise all sites share one row
  int field = 0;                     ///< first word of the fields in the coefficient memory
  int reference = 0;                 ///< first word of the trace reference, one word per cell
  std::vector<std::uint32_t> table;  ///< one word of the table memory per piece; empty: linear cell
};

struct ArrayContents {
  std::vector<LayerContents> layers;
  std::vector<std::int16_t> coefficients;  ///< from word 0 on; fields are the machine's static ones, references zero
  std::vector<Operation> program;
  std::vector<std::uint8_t> clamp;  ///< [cells] 1: held at its start value
  int cells = 0;
  int words = 0;  ///< bus words in use
  StepProducts products;
};

/// Converts and checks. `name` (the machine's file) begins every error. Throws Error if the machine's step is not the
/// configuration's, a bound of the configuration is exceeded, a number does not fit its format (says which, its value
/// and the range) or a force sum could overflow. `traced`: layer whose overlap and square the trace records, -1: none.
ArrayContents array_contents(const Machine& machine, const Configuration& configuration, const std::string& name,
                             int traced);

}  // namespace settle
