// The C++ side of the generated sources.
#pragma once

#include <string>

#include "generate/register_map.hpp"

namespace settle {

/// Header with the register offsets, memory regions, operation codes and fields, and the table that `settle info` prints.
std::string register_header_text(const RegisterMap& map);

/// Header that defines `name` as the given text.
std::string embedded_text(const std::string& name, const std::string& text);

/// Header that defines kGaussianTable from a $readmemh file of 16-bit words. Throws Error naming the file and line.
std::string gaussian_header_text(const std::string& path);

}  // namespace settle
