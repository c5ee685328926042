#include "programs/settle/surroundings.hpp"

#include <utility>

#include <fmt/format.h>

#include "generated/build.hpp"
#include "programs/source_tree.hpp"
#include "report/judgement.hpp"

namespace settle {

Surroundings surroundings(std::function<bool()> stop) {
  Surroundings result;
  const std::filesystem::path tree = source_tree();
  result.assets = tree / "host" / "assets";
  result.engines = {tree, program_folder() / "engines"};
  result.mnist = tree / "data" / "mnist";
  result.git = kGit;
  result.stop = std::move(stop);
  const std::filesystem::path file = result.assets / "presets.json";
  result.presets = load_presets(file);
  for (const Preset& preset : result.presets) {
    check_targets(preset.targets, fmt::format("{}: preset {}", file.string(), preset.name));
  }
  return result;
}

RunOptions shipped_run(const Surroundings& surroundings) {
  RunOptions run;
  run.network = surroundings.assets / "unet.network.json";
  run.shipped_images = surroundings.assets / "mnist-test-512-images-idx3-ubyte";
  run.own_images = run.shipped_images;
  run.mnist = surroundings.mnist;
  run.git = surroundings.git;
  return run;
}

void take_preset(RunOptions& run, const Surroundings& surroundings, const std::string& what) {
  const Preset& preset = find_preset(surroundings.presets, run.preset, what);
  run.targets = preset.targets;
  run.own_machine = run.machine.empty();
  if (run.own_machine) run.machine = surroundings.assets / (preset.name + ".machine.json");
}

}  // namespace settle
