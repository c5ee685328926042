// Names of generated constants, made of those in rtl/registers.json.
#pragma once

#include <string>

namespace settle {

/// config_hash_lo -> ConfigHashLo, as the lowRISC guide and the host's style name constants.
std::string upper_camel(const std::string& name);

}  // namespace settle
