// A machine loaded on a device, in physical units.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <Eigen/Core>

#include "device/driver/array_driver.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/machine.hpp"
#include "physics/context.hpp"

namespace settle::physics {

class LoadedArray {
 public:
  /// `c`: tiny, or tiny with another step or table; the machine's step is set to it. Noise of `seed` from step 0.
  LoadedArray(const Context& context, const std::string& engine, const Configuration& c, Machine machine, double kt,
              std::uint64_t seed);

  const Machine& machine() const { return machine_; }
  /// Temperature that the rounded noise gain of layer 0 gives; every layer of these machines has scale 1.
  double kt() const { return kt_; }
  int cells() const { return contents_.cells; }
  /// Static fields of all cells [cells].
  Eigen::VectorXd fields() const;

  void set_states(const Eigen::VectorXd& x);
  void set_noise(std::uint64_t seed, std::uint64_t step = 0) { driver_.set_noise(seed, step); }
  /// Makes `steps` steps, or without noise if `quiet`.
  void run(std::uint32_t steps, bool quiet = false);
  const Eigen::VectorXd& states();  ///< [cells]
  std::vector<std::int32_t> state_words() { return driver_.states(); }
  Counters counters() { return driver_.counters(); }

 private:
  Configuration configuration_;
  Machine machine_;
  ArrayContents contents_;
  std::unique_ptr<Device> device_;
  ArrayDriver driver_;
  std::vector<std::int16_t> gains_;
  double kt_ = 0;
  Eigen::VectorXd states_;
};

/// `tiny` at e = 2^-shift.
Configuration tiny(int shift);

}  // namespace settle::physics
