// A machine of the suite on a device of its context, at one temperature.
#pragma once

#include <cstdint>
#include <string>

#include <Eigen/Core>

#include "device/driver/loaded_array.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "physics/context.hpp"

namespace settle::physics {

class LoadedArray : public settle::LoadedArray {
 public:
  /// `c`: tiny, or tiny with another step or table; the machine's step is that of `c`. Noise of `seed` from step 0,
  /// from x = 0.
  LoadedArray(const Context& context, const std::string& engine, const Configuration& c, Machine machine, double kt,
              std::uint64_t seed);

  /// Temperature that the rounded noise gain of layer 0 gives; every layer of these machines has scale 1.
  double kt() const { return realised_kt_; }
  /// Static fields of all cells [cells].
  Eigen::VectorXd fields() const;
  /// Makes `steps` steps, or without noise if `quiet`.
  void run(std::uint32_t steps, bool quiet = false);

 private:
  double kt_, realised_kt_;
};

/// `tiny` at e = 2^-shift.
Configuration tiny(int shift);

}  // namespace settle::physics
