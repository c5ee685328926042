// What every engine is loaded with: the program of the default preset, with random contents of its kind.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"

namespace settle {

using PortWrites = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  ///< address, value

/// Two layers of 64 linear cells, each with stiffness, field and noise, joined by a reciprocal bus of rank 16; every
/// step is summed. Coefficients are small enough that the array is stable and nothing saturates.
/// `configuration`: one with at least two layers of 64 cells and rank 16.
PortWrites bench_array(const Configuration& configuration, std::uint64_t seed);

constexpr int kBenchCells = 128;  ///< cells that a step updates

/// The writes that start a run of `steps` steps from state zero, at step number zero, with cleared sums.
PortWrites bench_start(std::uint32_t steps);

/// Makes the writes and waits until the array is idle.
void run_to_end(Device& device, const PortWrites& writes);

/// The states of the cells as the port gives them.
std::vector<std::uint32_t> bench_states(Device& device);

}  // namespace settle
