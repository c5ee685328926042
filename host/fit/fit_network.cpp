#include "fit/fit_network.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "fit/activations/training_images.hpp"
#include "fit/maps/map_machine.hpp"
#include "fit/maps/rank_choice.hpp"
#include "fit/maps/settle_steps.hpp"
#include "images/noise.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/fixed_point/fitting_configuration.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/graph/graph_file.hpp"
#include "network/graph/image_map.hpp"

namespace settle {
namespace {

constexpr std::size_t kImages = 2000;  // enough for the moments of maps: each has hundreds of sites
constexpr std::size_t kJudging = 48;   // of which PSNR is taken of these
constexpr std::size_t kLooking = 256;  // and the search for maps that never move these
constexpr double kIdleLoss = 1e-3;     // dB that the image may change by when such maps become constants
constexpr int kWindowSteps = 2048;  // averaged: thermal noise of two cells a unit costs 0.15 dB at 256, 0.02 at these
constexpr int kMostLanes = 16;
constexpr int kPixelCells = 16;        // of a site that holds an image, about: their mean is quieter
constexpr int kTableBits = 10;         // of its force tables: pieces of a sixteenth of a unit
constexpr const char* kBase = "unet";  // the configuration of which all but bounds and tables are taken

/// Lanes that take whole sites of every layer whose cells cannot be copied.
int lanes_of(const MachinePlan& plan) {
  int common = kMostLanes;
  for (const PlannedLayer& layer : plan.layers) {
    if (!layer.held && layer.name != plan.readout) common = std::gcd(common, layer.size.channels);
  }
  return common;
}

/// Equal cells per channel of the layers that hold and that give the image.
std::map<std::string, int> copies_of(const MachinePlan& plan) {
  std::map<std::string, int> copies;
  const int lanes = lanes_of(plan);
  for (const PlannedLayer& layer : plan.layers) {
    if (!layer.held && layer.name != plan.readout) continue;
    int count = layer.held ? (kPixelCells + layer.size.channels - 1) / layer.size.channels : 1;
    while (count * layer.size.channels % lanes != 0) ++count;
    copies[layer.name] = count;
  }
  return copies;
}

Configuration base_configuration() {
  Configuration base = configuration(kBase);
  base.table_bits = kTableBits;
  return base;
}

/// What each node that costs cells costs.
std::string cells_text(const MachinePlan& plan, const Machine& machine) {
  std::string text = fmt::format("  {:<24}{:<18}{:>12}{:>10}\n", "layer", "cells", "grid", "cells");
  int cells = 0;
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Layer& layer = machine.layers[l];
    const PlannedLayer& planned = plan.layers[l];
    const char* kind = planned.held            ? "held"
                       : planned.answer        ? "activation"
                       : planned.has_companion ? "linear, beside"
                                               : "linear";
    text += fmt::format("  {:<24}{:<18}{:>12}{:>10}\n", layer.name, kind,
                        fmt::format("{} x {}", layer.height, layer.width), layer.cells());
    cells += layer.cells();
  }
  return text + fmt::format("  {:<24}{:<18}{:>12}{:>10}\n", "together", "", "", cells);
}

/// A plan and what its machine takes from training images.
struct Planned {
  MachinePlan plan;
  std::map<std::string, MapStatistics> statistics;
};

/// The plan of the whole network. Maps that hardly move go into fields if the image does not change by it.
Planned planned(const Graph& network, const ImageSet& images, std::size_t count, double sigma, std::uint64_t seed,
                const std::function<bool()>& stop) {
  const auto with = [&](const std::map<std::string, Eigen::MatrixXd>& constants) {
    Planned made{plan_of_network(network, sigma, constants), {}};
    made.statistics = map_statistics(network, values_of(made.plan), images, 0, count, sigma, seed, stop);
    return made;
  };
  const std::map<std::string, Eigen::MatrixXd> constants = constant_maps(
      network,
      map_statistics(network, activations_of(network), images, 0, std::min(kLooking, count), sigma, seed, stop));
  if (constants.empty()) return with({});
  Planned made = with(constants);
  const RankJudge judge(network, made.plan, made.statistics, images, std::min(kJudging, count), sigma, seed);
  if (std::abs(judge.plan_loss()) > kIdleLoss) return with({});  // little as they move, it matters
  for (const auto& [map, values] : constants) say(fmt::format("  {} is the same whatever the image: no cells", map));
  return made;
}

void complete_machine(Machine& machine, const FitOptions& options, const NetworkFile& file, double sigma, int images) {
  const std::filesystem::path from = std::filesystem::absolute(options.out).parent_path();
  machine.network = std::filesystem::absolute(options.network).lexically_relative(from).string();
  machine.fit_seed = options.seed;
  machine.fit_images = images;
  machine.sigma = sigma;
  machine.unet_hash = file_hash(file.weights);
  Configuration own = fitting_configuration(machine, base_configuration(), options.out.string());
  own.name = machine.preset;
  bring_configuration(machine, own);
}

}  // namespace

int fit_network(const FitOptions& options, const std::function<bool()>& stop) {
  const NetworkFile file = read_network(options.network);
  const Graph& network = file.graph;
  const NoiseLevels& levels = network.noise_levels;
  const double sigma = options.sigma_given || levels.lowest != levels.highest ? options.sigma : levels.lowest;
  if (!(sigma >= levels.lowest && sigma <= levels.highest)) {
    throw error("--sigma: {}: {} takes {} to {}", sigma, options.network.string(), levels.lowest, levels.highest);
  }
  plan_of_network(network, sigma);  // what no machine can be made of is refused before the work
  check_output(options);
  const std::size_t wanted = options.images_given ? static_cast<std::size_t>(options.images) : 1;
  const ImageSet images = training_images(images_of(options), wanted, network);
  const std::size_t count = options.images_given ? wanted : std::min(kImages, images.size());

  say(fmt::format("maps of {} training images at sigma {}", count, sigma));
  const Planned made = planned(network, images, count, sigma, options.seed, stop);
  const MachinePlan& plan = made.plan;
  if (std::none_of(plan.layers.begin(), plan.layers.end(), [](const PlannedLayer& layer) { return layer.held; })) {
    say("  nothing of the image reaches what is read: the network answers with the same map to every image");
  }
  MapBuild build;
  build.name = network.name;
  build.configuration = kBase;
  build.table_pieces = base_configuration().table_pieces();
  build.step = base_configuration().step();
  build.copies = copies_of(plan);
  build.window_steps = kWindowSteps;
  if (options.ranks) build.ranks = *options.ranks;
  check_bus_ranks(build.ranks, plan, "--rank");
  if (options.loss) {
    const RankJudge judge(network, plan, made.statistics, images, std::min(kJudging, count), sigma, options.seed);
    say(fmt::format("ranks that cost {} dB at most, on {} of them", *options.loss, judge.images()));
    const RankChoice choice = choose_ranks(judge, *options.loss, build.ranks, stop, say);
    fmt::print("{}", table(choice));
    build.ranks = choice.ranks;
  }
  MapReport report = build_machine(network, plan, made.statistics, sigma, build);
  Machine& machine = report.machine;
  say("steps until it has settled");
  const Maps maps = run(network, image_map(noisy(images.image(0), sigma, options.seed, 0), network), sigma);
  const Conditioning conditioning = conditioning_of(machine, network, maps, sigma);
  machine.settle_steps = settle_steps(machine, fields(machine, conditioning, InterfaceMode::normal), stop);
  complete_machine(machine, options, file, sigma, static_cast<int>(count));
  check_machine(machine, options.out.string());
  fmt::print("{}{}", cells_text(plan, machine), table(report));
  save_machine(machine, options.out);
  say(fmt::format("wrote {}", options.out.string()));
  return kExitOk;
}

}  // namespace settle
