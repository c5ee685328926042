// What a machine needs, against what the configuration has: one form for every such error.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle {

/// Throws Error unless `value`, which the machine needs of `what`, is at most `most`, the configuration's field
/// `bound`. `name` (the machine's file) begins the error.
inline void check_bound(const Configuration& configuration, const std::string& name, const std::string& what,
                        std::int64_t value, const char* bound, std::int64_t most) {
  if (value > most) {
    throw error("{}: {}: {} exceeds configuration {}: {} {}", name, what, value, configuration.name, bound, most);
  }
}

}  // namespace settle
