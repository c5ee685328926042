// Random but valid contents for every memory of an array, written alike to any number of devices: what devices are
// compared by.
#pragma once

#include <cstdint>
#include <vector>

#include "array/model/layer_descriptor.hpp"
#include "array/model/operation.hpp"
#include "base/splitmix.hpp"
#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"

namespace settle::equivalence {

/// Own generator: the same numbers with every standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() { return mix64(state_++); }
  /// lowest .. highest
  int between(int lowest, int highest) {
    return lowest + static_cast<int>(bits() % static_cast<std::uint64_t>(highest - lowest + 1));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }

 private:
  std::uint64_t state_;
};

struct RandomArray {
  /// How large numbers are: small ones wander, extreme ones saturate states and words all the time.
  enum class Size { small, extreme };

  std::vector<std::pair<std::uint32_t, std::uint32_t>> writes;  ///< address, value
  int cells = 0;                                                ///< covered by layers
  int words = 0;                                                ///< projected
  std::uint64_t steps = 0;

  RandomArray(const Configuration& configuration, std::uint64_t seed, Size size, int most_steps);
};

}  // namespace settle::equivalence
