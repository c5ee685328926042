// Settling and fluctuations of one conditioned machine, measured on the device itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "device/driver/array_driver.hpp"
#include "study/measures/settling.hpp"

namespace settle {

/// All states that a driver read, [cells], in physical units.
Eigen::VectorXd physical_states(const std::vector<std::int32_t>& states, const ArrayContents& contents,
                                const Configuration& configuration);

struct SettlingRun {
  Eigen::VectorXd distance;   ///< [steps + 1] of two runs with the same noise, from 0 and from x*
  Eigen::VectorXd predicted;  ///< |T^n (x0 - x*)|
  std::optional<std::int64_t> settling_steps;
  std::optional<std::int64_t> predicted_steps;
};

/// Two runs with the same noise and fields, from x0 = 0 and from `rest` = x* [cells, physical units], `steps` long; the
/// state is read after every step. `step`: T about x*; `kt` as for settle_batch.
SettlingRun measure_settling(ArrayDriver& driver, const ArrayContents& contents, const Configuration& configuration,
                             const std::string& name, const Eigen::VectorXd& fields, const Eigen::VectorXd& rest,
                             const LinearStep& step, double kt, std::uint64_t noise_seed, int steps,
                             const std::function<bool()>& stop);

/// States of layer `layer`, [steps.size() x layer cells], physical units, of one run from x = 0 at the given steps,
/// which ascend from 0. Arguments as for measure_settling.
Eigen::MatrixXd states_over_time(ArrayDriver& driver, const ArrayContents& contents, const Configuration& configuration,
                                 const std::string& name, int layer, const Eigen::VectorXd& fields, double kt,
                                 std::uint64_t noise_seed, const std::vector<int>& steps,
                                 const std::function<bool()>& stop);

/// Overlap of the decoder layer with `rest` at every step, after `settle_steps`, from the device's own trace, in as
/// many trace buffers as it takes; units of the trace. The contents' trace must be of layer `decoder`. Throws Error if
/// the overlap does not vary (kT = 0).
Eigen::VectorXd overlap_series(ArrayDriver& driver, const ArrayContents& contents, const Configuration& configuration,
                               const std::string& name, int decoder, const Eigen::VectorXd& fields,
                               const Eigen::VectorXd& rest, double kt, std::uint64_t noise_seed, int settle_steps,
                               int buffers, const std::function<bool()>& stop);

/// Of at least one value: of several samples' steps, say.
double median(std::vector<double> values);

}  // namespace settle
