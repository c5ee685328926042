// Whether a device computes what the bit-exact model computes, bit by bit, for random contents of every memory.
#pragma once

#include <cstdint>
#include <string>

#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"
#include "device/model_device.hpp"
#include "sim/equivalence/random_array.hpp"

namespace settle {

/// What was compared, and where device and model differ.
struct ComparisonCounts {
  std::uint64_t steps = 0;       ///< of the array, all of which lie before a comparison
  std::uint64_t states = 0;      ///< states compared
  std::uint64_t values = 0;      ///< words compared: states, sums, bus words, trace entries, registers
  std::uint64_t mismatches = 0;  ///< of `values`
  std::string first_mismatch;    ///< where it was and both values; empty if there is none

  void add(const ComparisonCounts& other);
};

/// One random array, loaded alike into a device and into a model of its own.
class ArrayComparison {
 public:
  /// Loads the device, which was reset before. `device` outlives this. Throws DeviceError.
  ArrayComparison(Device& device, const Configuration& configuration, const equivalence::RandomArray& array);

  /// Runs the array's schedule on both (`control`: the control register's bits, with the start bit) and compares all
  /// that it leaves: states, all parts of the sums, bus words, trace, and every register but those that the
  /// model has not (the hash of its sources, and clock cycles). Throws DeviceError.
  ComparisonCounts run(std::uint32_t control);

 private:
  Device& device_;
  ModelDevice model_;
  const equivalence::RandomArray array_;
};

}  // namespace settle
