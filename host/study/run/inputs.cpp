#include "study/run/inputs.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "contract/configuration/changes.hpp"
#include "device/engine_names.hpp"
#include "images/idx.hpp"
#include "machine/check.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"
#include "machine/retarget.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/graph/graph_file.hpp"
#include "network/graph/image_map.hpp"
#include "study/run/engines.hpp"
#include "study/run/judging.hpp"
#include "study/run/outputs.hpp"

namespace settle {

namespace fs = std::filesystem;

void check_format_engine(const RunOptions& options) {
  if (options.format.empty() || makes_model_bits(options.engine)) return;
  throw usage_error("--format: needs --engine {} or {}: {} is built for one format", kModelEngine, kEnsembleEngine,
                    options.engine);
}

void check_outputs(const RunOptions& options) {
  if (options.out.empty()) throw usage_error("--out: \"\": the name of a folder is needed");
  std::vector<NamedPath> outputs;
  for (const auto& names : {output_names(), picture_names()}) {
    for (const std::string& file : names) {
      check_writable(options.out / file, "--out");
      outputs.push_back({"--out", options.out / file});
    }
  }
  if (!options.trace.empty()) outputs.push_back({"--trace", options.trace});
  check_distinct(outputs, {{"--machine", options.machine},
                           {"--network", options.network},
                           {"--images", options.shipped_images},
                           {"--mnist", options.mnist / "t10k-images-idx3-ubyte"}});
}

namespace {

/// `what` names the option or the field.
template <typename Value>
void check_range(Value value, Value least, Value most, const std::string& what) {
  if (!(value >= least && value <= most)) throw error("{}: {}: {} to {} is needed", what, value, least, most);
}

/// Does `part`; what it refuses is a UsageError.
template <typename Part>
void as_usage(const Part& part) {
  try {
    part();
  } catch (const Error& e) {
    throw UsageError(e.what());
  }
}

/// Throws Error for a temperature that the array's noise gains cannot hold: UsageError for one that was given.
void check_temperature(const RunOptions& options, double kt, const FixedMachine& fixed) {
  const auto check = [&](const std::string& what) { fixed_gains(kt, fixed.contents, fixed.configuration, what); };
  if (options.kt) return as_usage([&] { check("--kt"); });
  check(fixed.name + ": kt");
}

/// Images 0 .. samples-1 of the test set, as the network takes them: the given file's if it holds enough; otherwise the
/// whole of MNIST's, provided that the file is where that begins.
ImageSet test_images(const RunOptions& options, const Graph& network) {
  const auto wanted = static_cast<std::size_t>(options.samples);
  const fs::path file = as_spelt(options.shipped_images);
  ImageSet given = read_images(file);
  check_image_shape(given.shape(), network, file.string());
  if (wanted <= given.size()) return given;
  if (given.shape() != kMnistShape || !given.has_greys()) {
    throw error("--samples: {}: {} holds {} images", options.samples, file.string(), given.size());
  }
  const fs::path whole = as_spelt(options.mnist / "t10k-images-idx3-ubyte");
  if (!fs::exists(whole)) {
    throw error("--samples: {}: {} holds {} images; for more run `make data`, which makes {}", options.samples,
                file.string(), given.size(), whole.string());
  }
  ImageSet all = read_images(whole);
  if (!all.begins_with(given)) {
    throw error("--samples: {}: {} holds {} images and is not where {} begins", options.samples, file.string(),
                given.size(), whole.string());
  }
  if (wanted > all.size()) {
    throw error("--samples: {}: {} holds {} images", options.samples, whole.string(), all.size());
  }
  return all;
}

/// The machine that is asked for, in the formats that are asked for; `c` becomes the configuration that it is for.
Machine machine_for(const RunOptions& options, const std::string& name, Configuration& c) {
  Machine machine = load_machine(options.machine);
  // A machine that is its network's own belongs to no preset.
  if (machine.network.empty() && machine.preset != options.preset) {
    throw error("{}: preset: is {}, --preset is {}: run it with --preset {}", name, one_line(machine.preset),
                options.preset, one_line(machine.preset));
  }
  c = configuration_of(machine, name);
  if (machine.configuration_hash != c.hash_text()) {
    throw error(
        "{}: configuration_hash: {} was made for another configuration {}; this program's is {}: fit the machine again "
        "(settle fit), or run it with the program that it was made by",
        name, machine.configuration_hash, c.name, c.hash_text());
  }
  check_format_engine(options);
  if (!options.format.empty()) {
    as_usage([&] {
      const Configuration changed = with_changes(c, options.format, "--format");
      machine = retargeted(machine, c, changed, "--format");
      c = changed;
    });
  }
  if (options.built_as) {
    c = options.built_as(options.engine, c);
    machine.configuration_hash = c.hash_text();  // lanes and sizes: of the machine nothing changes
    if (machine.own_configuration) machine.own_configuration = c;
  }
  return machine;
}

BatchPlan plan_of(const RunOptions& options, const FixedMachine& fixed) {
  const Machine& machine = fixed.machine;
  const BatchPlan plan = {options.kt.value_or(machine.kt), options.settle_steps.value_or(machine.settle_steps),
                          options.window_steps.value_or(machine.window_steps), options.seed};
  check_range(plan.settle_steps, 0, kMostSettleSteps,
              options.settle_steps ? "--settle-steps" : fixed.name + ": settle_steps");
  check_range(plan.window_steps, 1, kMostWindowSteps,
              options.window_steps ? "--window-steps" : fixed.name + ": window_steps");
  return plan;
}

Graph network_of(const RunOptions& options, const Machine& machine, const std::string& name) {
  const bool own = options.network_is_default && !machine.network.empty();
  NetworkFile file = read_network(own ? options.machine.parent_path() / machine.network : options.network);
  const std::string hash = file_hash(file.weights);
  if (hash != machine.unet_hash) {
    throw error(
        "{}: unet_hash: {} is not that of {}: {}; name the network that the machine was fitted to (--network), or fit "
        "it again (settle fit)",
        name, machine.unet_hash, file.weights.string(), hash);
  }
  return std::move(file.graph);
}

}  // namespace

Study read_study(const RunOptions& options, const MakeDevice& make_device, std::function<bool()> stop,
                 RunProgress& progress) {
  if (options.samples < 1) throw usage_error("--samples: {}: 1 or more are needed", options.samples);
  const std::string name = options.machine.string();
  Configuration c;
  Machine read = machine_for(options, name, c);
  Graph network = network_of(options, read, name);
  check_maps(read, network, name);
  const int decoder = read.decoder;
  const auto fixed = std::make_shared<const FixedMachine>(std::move(read), c, name, decoder);
  const Machine& machine = fixed->machine;
  Stability stability = check_machine(machine, name);
  const BatchPlan plan = plan_of(options, *fixed);
  const double sigma = options.sigma.value_or(machine.sigma);
  check_range(sigma, network.noise_levels.lowest, network.noise_levels.highest,
              options.sigma ? "--sigma" : name + ": fit.sigma");
  check_temperature(options, plan.kt, *fixed);
  const ImageSet set = test_images(options, network);
  std::vector<Image> images;
  images.reserve(static_cast<std::size_t>(options.samples));
  for (int s = 0; s < options.samples; ++s) images.push_back(set.image(static_cast<std::size_t>(s)));
  return {options,
          make_device,
          std::move(stop),
          progress,
          fixed,
          std::move(stability),
          sigma,
          plan,
          why_not_judged(options, machine, sigma, plan.kt, images),
          std::move(network),
          std::move(images),
          {}};
}

}  // namespace settle
