// Which configuration a machine is for: one of rtl/configurations.json, or one that its file brings along.
#pragma once

#include <string>

#include "contract/configuration/configuration.hpp"
#include "machine/machine.hpp"

namespace settle {

/// The machine's own configuration or, if it has none, the built-in one of the name. Whether the machine carries that
/// one's hash is the caller's to judge. Throws Error, which begins with `name` (the machine's file) and lists the known
/// names, if this program has no configuration of that name.
Configuration configuration_of(const Machine& machine, const std::string& name);

/// Makes `configuration` the machine's own: its fields, and with them the machine's configuration name, hash and step.
void bring_configuration(Machine& machine, const Configuration& configuration);

}  // namespace settle
