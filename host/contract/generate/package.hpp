// The SystemVerilog side of the generated sources.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "contract/generate/register_map.hpp"

namespace settle {

/// `settle_pkg` for one configuration: localparams only, so that every front end takes it.
/// `gaussian`: the 256 words of the noise table.
/// `git`: hex digits of the commit (at most the first 8 are used), "0" if unknown. Throws Error if not hex.
std::string package_text(const Configuration& configuration, const RegisterMap& map,
                         const std::vector<std::uint16_t>& gaussian, const std::string& git);

}  // namespace settle
