#include "fit/fit_command.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "fit/activations/activations.hpp"
#include "fit/activations/training_images.hpp"
#include "fit/fit_network.hpp"
#include "fit/maps/map_machine.hpp"
#include "fit/vectors/preset.hpp"
#include "images/idx.hpp"
#include "machine/check.hpp"
#include "machine/machine_file.hpp"
#include "network/graph/graph_file.hpp"

namespace settle {

void say(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

std::filesystem::path images_of(const FitOptions& options) {
  return training_images_file(options.image_file, options.mnist);
}

void check_output(const FitOptions& options) {
  check_writable(options.out, "--out");
  check_distinct({{"--out", options.out}}, {{"--network", options.network},
                                            {options.image_file.empty() ? "--mnist" : "--images", images_of(options)}});
}

namespace {

void begin(const FitOptions& options) {
  say(fmt::format("activations of {} training images at sigma {}", options.images, options.sigma));
}

void set_provenance(Machine& machine, const FitOptions& options, const std::string& unet_hash) {
  machine.preset = options.preset.name;
  machine.configuration = options.preset.configuration;
  machine.configuration_hash = configuration(options.preset.configuration).hash_text();
  machine.fit_seed = options.seed;
  machine.fit_images = options.images;
  machine.sigma = options.sigma;
  machine.unet_hash = unet_hash;
}

int fit_map_preset(const FitOptions& options, const std::function<bool()>& stop) {
  const NetworkFile file = read_network(options.network);
  const Graph& network = file.graph;
  check_map_preset(options.preset, network);
  if (options.ranks) check_ranks(*options.ranks, options.preset, network, "--rank");
  check_output(options);
  const ImageSet images = training_images(images_of(options), static_cast<std::size_t>(options.images), network);
  begin(options);
  const auto statistics =
      map_statistics(network, values_of(preset_plan(options.preset, network, options.sigma)), images, 0,
                     static_cast<std::size_t>(options.images), options.sigma, options.seed, stop);
  MapOptions maps;
  maps.preset = options.preset;
  const Configuration built = configuration(options.preset.configuration);
  maps.step = built.step();
  maps.table_pieces = built.table_pieces();
  maps.ranks = options.ranks;
  MapReport report = fit_maps(network, statistics, options.sigma, maps);
  set_provenance(report.machine, options, file_hash(file.weights));
  check_machine(report.machine, options.preset.name);
  fmt::print("{}", table(report));
  save_machine(report.machine, options.out);
  say(fmt::format("wrote {}", options.out.string()));
  return kExitOk;
}

}  // namespace

int fit_command(const FitOptions& options, const std::function<bool()>& stop) {
  if (options.whole_network) return fit_network(options, stop);
  if (options.preset.kind == FitKind::maps) return fit_map_preset(options, stop);
  if (options.ranks) {
    check_ranks(*options.ranks, options.preset, read_network(options.network).graph, "--full-rank, --rank");
  }
  PresetOptions preset;
  preset.kind = options.preset.kind;
  preset.step = configuration(options.preset.configuration).step();
  preset.thermal_ratio = options.thermal_ratio;
  preset.window_steps = options.window_steps;
  preset.seed = options.seed;
  check_options(preset, options.images);
  check_output(options);
  const TrainingSamples samples = training_samples(
      options.network, images_of(options), static_cast<std::size_t>(options.images), options.sigma, options.seed,
      [&] { begin(options); }, stop);
  if (samples.means.decoder.rows() < options.images) {
    throw error("fit: interrupted after {} of {} images, nothing is written", samples.means.decoder.rows(),
                options.images);
  }
  PresetReport report = fit_preset(samples.means, samples.kernels, preset, stop, say);
  set_provenance(report.machine, options, samples.unet_hash);
  fmt::print("{}", table(report));
  if (report.stopped) {
    // What there is, but not in place of a machine that was fitted to the end.
    const std::filesystem::path part = options.out.string() + ".interrupted";
    save_machine(report.machine, part);
    tell("settle", fmt::format("fit: interrupted: the best machine so far is in {}", part.string()));
    return kExitInterrupted;
  }
  save_machine(report.machine, options.out);
  say(fmt::format("wrote {}", options.out.string()));
  return kExitOk;
}

}  // namespace settle
