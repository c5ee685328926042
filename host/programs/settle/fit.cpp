// `settle fit`: its options.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "fit/fit_command.hpp"
#include "fit/maps/map_machine.hpp"
#include "fit/vectors/preset.hpp"
#include "network/graph/graph.hpp"
#include "network/graph/graph_file.hpp"
#include "programs/settle/commands.hpp"

namespace settle {

namespace {

constexpr int kMostPresetImages = 60000;  // MNIST's
constexpr double kMostLoss = 100;         // dB; a network loses far less than all of its image

/// What the options fill in.
struct FitSettings {
  FitOptions fit;
  std::string preset = "anchored";
  bool full_rank = false;
  std::vector<std::string> ranks;  ///< as given: BUS=RANK
};

/// The parts of an option --rank BUS=RANK.
std::string bus_name(const std::string& text) { return text.substr(0, text.find('=')); }

int bus_rank(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string digits = equals == std::string::npos ? "" : text.substr(equals + 1);
  const bool number =
      !digits.empty() && digits.size() < 6 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number) throw error("--rank: {}: BUS=RANK is needed, as in d3-d2=24", text);
  return std::stoi(digits);
}

/// The bounds that were asked for.
std::map<std::string, int> asked_ranks(const FitSettings& settings) {
  std::map<std::string, int> asked;
  for (const std::string& text : settings.ranks) {
    if (!asked.emplace(bus_name(text), bus_rank(text)).second) {
      throw error("--rank: {} is given twice", bus_name(text));
    }
  }
  return asked;
}

/// Upper bounds of ranks: the preset's, or none, and those that were asked for over them.
std::map<std::string, int> ranks_of(const FitSettings& settings) {
  const std::map<std::string, int> asked = asked_ranks(settings);
  check_ranks(asked, settings.fit.preset, read_network(settings.fit.network).graph,
              settings.ranks.empty() ? "--full-rank" : "--rank");
  std::map<std::string, int> ranks = settings.full_rank ? std::map<std::string, int>() : settings.fit.preset.maps.ranks;
  for (const auto& [bus, rank] : asked) ranks.insert_or_assign(bus, rank);
  return ranks;
}

}  // namespace

ProgramCommand add_fit(CommandLine& app, const Surroundings& surroundings) {
  const auto settings = std::make_shared<FitSettings>();
  FitOptions& fit = settings->fit;
  const std::vector<std::string> presets = preset_names(surroundings.presets);
  fit.network = surroundings.assets / "unet.network.json";
  fit.mnist = surroundings.mnist;
  CommandOptions* command = app.add_command("fit", "fit a preset's machine to activations on training images");
  command
      ->add_option("--preset", settings->preset,
                   fmt::format("{} (settle info --presets says what each is)", fmt::join(presets, ", ")))
      ->check(known(presets))
      ->shows_default();
  command->add_option("--samples", fit.images, "training images, a sixth of them held out")
      ->check(whole(1, 1000000))
      ->shows_default();
  command->add_option("--seed", fit.seed, "seed of image noise and of the search")->check(whole(0))->shows_default();
  command->add_option("--sigma", fit.sigma, "noise level of the images")
      ->check(real(kSigmaMin, kSigmaMax))
      ->shows_default();
  command->add_option("--network", fit.network, "network file; without --preset the whole of it becomes a machine")
      ->check(path())
      ->shows_default();
  command->add_option("--images", fit.image_file, "training images in place of MNIST's: IDX3, .npy or .npz")
      ->check(path());
  command->add_option("--mnist", fit.mnist, "folder of train-images-idx3-ubyte")->check(path())->shows_default();
  command->add_flag("--full-rank", settings->full_rank, "presets of maps: every bus of its convolution's own rank");
  command->add_option("--rank", settings->ranks,
                      "presets of maps, networks: upper bound of one bus's rank, as in d3-d2=24");
  command
      ->add_option("--loss", fit.loss,
                   "networks: dB that lower ranks may cost on training images (default: full ranks)")
      ->check(real(0, kMostLoss));
  command->add_option("--out", fit.out, "machine file to write")->check(path())->required();
  return {command, [settings, &surroundings] { return fit_command(settings->fit, surroundings.stop); },
          [settings, command, &surroundings] {
            FitOptions& fit = settings->fit;
            fit.whole_network = command->given("--network") && !command->given("--preset");
            fit.images_given = command->given("--samples");
            fit.sigma_given = command->given("--sigma");
            if (fit.whole_network) {
              if (settings->full_rank)
                throw error("--full-rank: is of presets; a network's ranks are full without --loss");
              fit.ranks = asked_ranks(*settings);
              return;
            }
            if (fit.images < kFewestImages || fit.images > kMostPresetImages) {
              throw usage_error("--samples: \"{}\": a whole number from {} to {} is needed for a preset", fit.images,
                                kFewestImages, kMostPresetImages);
            }
            if (fit.loss) throw error("--loss: needs --network, without --preset");
            settings->fit.preset = find_preset(surroundings.presets, settings->preset, "--preset");
            if (settings->full_rank || !settings->ranks.empty()) settings->fit.ranks = ranks_of(*settings);
          }};
}

}  // namespace settle
