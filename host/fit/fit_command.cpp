#include "fit/fit_command.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/files.hpp"
#include "fit/activations.hpp"
#include "fit/preset.hpp"
#include "machine/machine_file.hpp"

namespace settle {

namespace {

constexpr int kInterrupted = 130;  // as a shell reports a program that Ctrl-C ended

}  // namespace

int fit_command(const FitOptions& options, const std::function<bool()>& stop) {
  PresetOptions preset;
  preset.preset = options.preset;
  preset.step = options.step;
  preset.thermal_ratio = options.thermal_ratio;
  preset.window_steps = options.window_steps;
  preset.seed = options.seed;
  check_options(preset, options.images);
  check_writable(options.out, "--out");
  const auto say = [](const std::string& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
  };
  const auto begin = [&] {
    say(fmt::format("activations of {} training images at sigma {}", options.images, options.sigma));
  };
  const TrainingSamples samples = training_samples(
      options.unet, options.mnist, static_cast<std::size_t>(options.images), options.sigma, options.seed, begin, stop);
  if (samples.means.decoder.rows() < options.images) {
    throw error("fit: interrupted after {} of {} images, nothing is written", samples.means.decoder.rows(),
                options.images);
  }
  PresetReport report = fit_preset(samples.means, samples.kernels, preset, stop, say);

  report.machine.configuration_hash = options.configuration_hash;
  report.machine.fit_seed = options.seed;
  report.machine.fit_images = options.images;
  report.machine.sigma = options.sigma;
  report.machine.unet_hash = samples.unet_hash;
  fmt::print("{}", table(report));
  if (report.stopped) {
    // What there is, but not in place of a machine that was fitted to the end.
    const std::filesystem::path part = options.out.string() + ".interrupted";
    save_machine(report.machine, part);
    fmt::print(stderr, "settle: fit: interrupted: the best machine so far is in {}\n", part.string());
    return kInterrupted;
  }
  save_machine(report.machine, options.out);
  say(fmt::format("wrote {}", options.out.string()));
  return 0;
}

}  // namespace settle
