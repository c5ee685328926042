// What memory an array of a configuration has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// A memory of the array, or one per lane taken together.
struct MemorySize {
  std::string name;
  std::int64_t bits = 0;
};

/// The larger memories as the RTL declares them: depths that an address decides are powers of two. FPGAs round up to
/// whole blocks.
std::vector<MemorySize> memory_sizes(const Configuration& configuration);

}  // namespace settle
