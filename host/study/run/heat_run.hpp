// The heat of an inference, from the trajectory of one conditioned machine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <Eigen/Core>

#include "device/driver/array_driver.hpp"
#include "study/measures/heat.hpp"
#include "study/run/inputs.hpp"

namespace settle {

/// `settle_steps` from x = 0, then `batches` batches of `batch_steps` steps each for the settled machine.
struct HeatPlan {
  int settle_steps = 1;
  int batches = 20;
  int batch_steps = 1;
};

/// In kT, of the run's temperature in.kt.
struct HeatRun {
  double of_inference = 0;  ///< of all settle steps
  HeatRate settled;         ///< of a step after them
};

/// Settles the machine under `field` [cells, physical units] and reads its state after every step; no path is kept. The
/// force is the machine's own in float64 under that field, not the array's rounded one: its coefficients differ by what
/// the formats round. The path is the one that a run with this noise seed takes. `driver`: with in.contents loaded.
/// Throws MeasureError as HeatMeter (at kT = 0, say) and heat_rate, Error as the driver, Interrupted if `stop` said so.
HeatRun measure_heat(ArrayDriver& driver, const RunInputs& in, const std::string& name, const Eigen::VectorXd& field,
                     std::uint64_t noise_seed, const HeatPlan& plan, const std::function<bool()>& stop);

}  // namespace settle
