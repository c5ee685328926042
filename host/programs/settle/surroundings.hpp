// What every command of settle finds around it: what ships with this build, and when to stop.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "contract/presets/presets.hpp"
#include "sim/on_demand/engine_cache.hpp"
#include "study/run/run_command.hpp"

namespace settle {

struct Surroundings {
  std::filesystem::path assets;  ///< folder of presets, machines, weights and test images that ship
  EnginePlaces engines;          ///< sources and folder of arrays that are verilated on demand
  std::filesystem::path mnist;   ///< folder of the whole MNIST, if it was fetched
  std::string git;               ///< commit of this build
  std::vector<Preset> presets;
  std::function<bool()> stop;  ///< the user wants to end
};

/// The surroundings of this build, in the tree that it lies in (programs/source_tree.hpp). Reads and checks
/// host/assets/presets.json; throws Error as source_tree, load_presets and check_targets.
Surroundings surroundings(std::function<bool()> stop);

/// Options of a run that has what ships: weights, test images, the folder of MNIST, the commit.
RunOptions shipped_run(const Surroundings& surroundings);

/// Completes a run by what ships for its preset: the machine, unless the run has one of its own, and the targets.
/// Throws Error, which begins with `what`, for an unknown preset.
void take_preset(RunOptions& run, const Surroundings& surroundings, const std::string& what);

}  // namespace settle
