// A machine together with the numbers that an array of one configuration holds for it, and the way between physical
// units and those numbers. Arrays that run side by side share one.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/machine.hpp"

namespace settle {

struct FixedMachine {
  Machine machine;
  Configuration configuration;
  std::string name;  ///< the machine's file, say: errors begin with it
  ArrayContents contents;

  /// Throws Error as array_contents. `traced`: layer whose overlap and square the trace records, -1: none.
  FixedMachine(Machine machine_made, const Configuration& made_for, std::string called, int traced)
      : machine(std::move(machine_made)),
        configuration(made_for),
        name(std::move(called)),
        contents(array_contents(machine, configuration, name, traced)) {}

  int cells() const { return contents.cells; }
  const LayerContents& layer(int index) const { return contents.layers.at(static_cast<std::size_t>(index)); }

  /// `physical` [cells], as the array takes fields. Throws Error as fixed_fields.
  std::vector<std::int16_t> fields(const Eigen::VectorXd& physical) const {
    return fixed_fields(physical, contents, configuration, name);
  }

  /// `physical` [cells], as the array takes states. Throws Error as fixed_states.
  std::vector<std::int32_t> states(const Eigen::VectorXd& physical) const {
    return fixed_states(physical, contents, configuration, name);
  }

  /// Noise gains [layers] of a temperature. Throws Error as fixed_gains.
  std::vector<std::int16_t> gains(double kt) const { return fixed_gains(kt, contents, configuration, name + ": kt"); }

  /// States [cells] that an array gave, in physical units.
  Eigen::VectorXd physical(const std::vector<std::int32_t>& states) const {
    Eigen::VectorXd x(static_cast<Eigen::Index>(states.size()));
    for (const LayerContents& at : contents.layers) {
      for (int i = at.first; i < at.first + at.cells(); ++i) {
        x(i) = states[static_cast<std::size_t>(i)] * configuration.state.unit() * at.scale;
      }
    }
    return x;
  }
};

}  // namespace settle
