// One conditioned array watched over time: how it settles, where it is at given steps, how it fluctuates.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "device/driver/loaded_array.hpp"

namespace settle {

/// Under what an array runs.
struct Conditions {
  Eigen::VectorXd fields;        ///< total fields, [cells], physical units
  double kt = 0;                 ///< temperature
  std::uint64_t noise_seed = 0;  ///< the noise begins at its step 0
};

struct SettlingRun {
  Eigen::VectorXd distance;   ///< [steps + 1] of two runs with the same noise, from 0 and from x*
  Eigen::VectorXd predicted;  ///< |T^n (x0 - x*)|, T the machine's linear step about x*
  std::optional<std::int64_t> settling_steps;
  std::optional<std::int64_t> predicted_steps;
};

/// Two runs under the same conditions, from x0 = 0 and from `rest` = x* [cells, physical units], `steps` long; the
/// state is read after every step. Throws Error as LoadedArray, Interrupted if `stop` said so.
SettlingRun measure_settling(LoadedArray& array, const Conditions& conditions, const Eigen::VectorXd& rest, int steps,
                             const std::function<bool()>& stop);

/// States of the decoder layer, [steps.size() x layer cells], physical units, of one run from x = 0 at the given steps,
/// which ascend from 0. Throws as measure_settling.
Eigen::MatrixXd states_over_time(LoadedArray& array, const Conditions& conditions, const std::vector<int>& steps,
                                 const std::function<bool()>& stop);

/// When the overlap is recorded: at every step after `settle_steps`, until `buffers` trace buffers are full.
struct OverlapPlan {
  int settle_steps = 0;
  int buffers = 1;
};

/// Overlap of the decoder layer, which must be the traced one, with `rest` [cells], from the device's own trace; units
/// of the trace. Throws as measure_settling, and Error if the overlap does not vary (kT = 0).
Eigen::VectorXd overlap_series(LoadedArray& array, const Conditions& conditions, const Eigen::VectorXd& rest,
                               const OverlapPlan& plan, const std::function<bool()>& stop);

}  // namespace settle
