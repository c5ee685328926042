// What word lengths cost one conditioned machine: its states beside those of float64 with the same noise, and where it
// stalls without noise.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <Eigen/Core>

#include "device/driver/array_driver.hpp"
#include "study/run/inputs.hpp"

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

/// The first `cells` cells of the decoder layer on the device and in float64, from x = 0 under `field` [cells, physical
/// units] at the run's temperature. `driver`: with in.contents loaded. Throws Error as the driver, Interrupted if
/// `stop` said so.
StateSeries same_noise_series(ArrayDriver& driver, const RunInputs& in, const std::string& name,
                              const Eigen::VectorXd& field, Eigen::Index cells, std::uint64_t noise_seed,
                              const SnapshotPlan& plan, const std::function<bool()>& stop);

/// `stall`: two runs at kT = 0 of `steps` steps, from 0 and from `rest` = x* [cells, physical units]; what is left of
/// their distance, over the distance at the start. An array that forgets its start leaves 0; word lengths leave a gap
/// in which every update is rounded away. Throws as same_noise_series.
double stall(ArrayDriver& driver, const RunInputs& in, const std::string& name, const Eigen::VectorXd& field,
             const Eigen::VectorXd& rest, int steps, const std::function<bool()>& stop);

}  // namespace settle
