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
/// `hardware`: what the register hardware_hash shall hold (contract/generate/hardware_hash.hpp).
std::string package_text(const Configuration& configuration, const RegisterMap& map,
                         const std::vector<std::uint16_t>& gaussian, std::uint32_t hardware);

}  // namespace settle
