// The C++ side of the generated sources.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contract/generate/register_map.hpp"

namespace settle {

/// Header with the register offsets, memory regions, operation codes and fields, and the table that `settle info`
/// prints.
std::string register_header_text(const RegisterMap& map);

/// Header that defines `name` as the given text.
std::string embedded_text(const std::string& name, const std::string& text);

/// Header that defines kGaussianTable.
std::string gaussian_header_text(const std::vector<std::uint16_t>& table);

}  // namespace settle
