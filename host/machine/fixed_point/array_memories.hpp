// A machine's contents as the model's memories hold them, for engines that are not reached through a device.
#pragma once

#include "array/model/array_model.hpp"
#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/array_contents.hpp"

namespace settle {

/// What ArrayDriver::load writes, in an array that holds nothing else: states, gains and round keys are 0, and there is
/// no schedule.
ArrayMemories array_memories(const ArrayContents& contents, const Configuration& configuration);

/// Puts the fields [cells] where the array reads them, as ArrayDriver::set_fields does.
void put_fields(const std::vector<std::int16_t>& fields, const ArrayContents& contents, ArrayMemories& memories);

}  // namespace settle
