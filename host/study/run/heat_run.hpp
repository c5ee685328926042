// The heat of an inference, from the trajectory of one conditioned machine.
#pragma once

#include <functional>

#include "device/driver/loaded_array.hpp"
#include "study/measures/heat.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

/// `settle_steps` from x = 0, then `batches` batches of `batch_steps` steps each for the settled machine.
struct HeatPlan {
  int settle_steps = 1;
  int batches = 20;
  int batch_steps = 1;
};

/// In kT, of the run's temperature.
struct HeatRun {
  double of_inference = 0;  ///< of all settle steps
  HeatRate settled;         ///< of a step after them
};

/// Settles the array under `conditions` and reads its state after every step; no path is kept. The force is the
/// machine's own in float64 under that field, not the array's rounded one: its coefficients differ by what the formats
/// round. The path is the one that a run with this noise seed takes. Throws MeasureError as HeatMeter (at kT = 0, say)
/// and heat_rate, Error as LoadedArray, Interrupted if `stop` said so.
HeatRun heat_of_run(LoadedArray& array, const Conditions& conditions, const HeatPlan& plan,
                    const std::function<bool()>& stop);

}  // namespace settle
