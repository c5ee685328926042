// Whether a register or a memory is there, as the table says that `settle info --registers` prints.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "generated/registers.hpp"

namespace settle::testing {

/// `kind`: "register" or "memory"; `number`: a register's offset or a memory's region.
inline bool is_listed(const char* kind, std::uint32_t number) {
  return std::any_of(registers::kDescriptions.begin(), registers::kDescriptions.end(),
                     [&](const registers::Description& d) {
                       return std::strcmp(d.kind, kind) == 0 && static_cast<std::uint32_t>(d.number) == number;
                     });
}

}  // namespace settle::testing
