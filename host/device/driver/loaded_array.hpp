// A machine on a device, in physical units: the one handle by which runs and tests condition, run and read an array.
// What it cannot say (single registers, memories, strides) is asked of its driver.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "device/device.hpp"
#include "device/driver/array_driver.hpp"
#include "machine/fixed_point/fixed_machine.hpp"

namespace settle {

/// Consecutive steps of a schedule.
struct Steps {
  int count = 1;        ///< 0 or more
  bool window = false;  ///< their states go into the sums
};

class LoadedArray {
 public:
  /// Loads what `fixed` holds. Throws DeviceError as ArrayDriver.
  LoadedArray(std::unique_ptr<Device> device, std::shared_ptr<const FixedMachine> fixed);

  const FixedMachine& fixed() const { return *fixed_; }
  const Machine& machine() const { return fixed_->machine; }
  const Configuration& configuration() const { return fixed_->configuration; }
  int cells() const { return fixed_->cells(); }
  Device& device() { return *device_; }
  ArrayDriver& driver() { return driver_; }

  /// Total fields of all cells [cells], physical units. Throws Error as fixed_fields.
  void set_fields(const Eigen::VectorXd& fields) { driver_.set_fields(fixed_->fields(fields)); }

  /// States of all cells [cells], physical units. Throws Error as fixed_states.
  void set_states(const Eigen::VectorXd& states) { driver_.set_states(fixed_->states(states)); }
  /// The state 0 for every cell.
  void set_zero_states() { driver_.set_states(std::vector<std::int32_t>(static_cast<std::size_t>(cells()), 0)); }

  /// `seed` of the noise and the number of the next step.
  void set_noise(std::uint64_t seed, std::uint64_t step = 0) { driver_.set_noise(seed, step); }

  /// What run() does: `parts` one after the other, all at temperature `kt`. Throws Error as fixed_gains and the driver.
  void set_schedule(const std::vector<Steps>& parts, double kt);

  /// Runs the schedule to its end. Throws as the driver's run.
  void run(const Start& start, const std::function<bool()>& stop) { driver_.run(start, stop); }

  /// States of all cells [cells], physical units.
  Eigen::VectorXd states() { return fixed_->physical(driver_.states()); }

  /// Sum over the window of x and of x^2 of layer `layer`, [layer cells], physical units and their square.
  Eigen::VectorXd sums(int layer);
  Eigen::VectorXd squares(int layer);

  Counters counters() { return driver_.counters(); }

 private:
  std::shared_ptr<const FixedMachine> fixed_;
  std::unique_ptr<Device> device_;
  ArrayDriver driver_;
};

}  // namespace settle
