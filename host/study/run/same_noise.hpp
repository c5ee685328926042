// A conditioned array beside the same machine in float64 with the same noise, and where it stalls without noise.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "device/driver/loaded_array.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

/// States at the same times, [times x cells], physical units.
struct StateSeries {
  Eigen::MatrixXd fixed, exact;
};

/// When states are taken: after `settle_steps`, then every `stride` steps, `times` of them.
struct SnapshotPlan {
  int settle_steps = 0;
  int times = 2;
  int stride = 1;
};

/// The first `cells` cells of the decoder layer on the array and in float64, from x = 0 under `conditions`. Throws
/// Error as LoadedArray, Interrupted if `stop` said so.
StateSeries same_noise_series(LoadedArray& array, const Conditions& conditions, Eigen::Index cells,
                              const SnapshotPlan& plan, const std::function<bool()>& stop);

/// `stall`: two runs at kT = 0 of `steps` steps under `field` [cells, physical units], from 0 and from `rest` = x*
/// [cells]; what is left of their distance, over the distance at the start. An array that forgets its start leaves 0;
/// word lengths leave a gap in which every update is rounded away. Throws as same_noise_series.
double stall(LoadedArray& array, const Eigen::VectorXd& field, const Eigen::VectorXd& rest, int steps,
             const std::function<bool()>& stop);

}  // namespace settle
