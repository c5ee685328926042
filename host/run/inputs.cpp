#include "run/inputs.hpp"

#include <cmath>

#include "core/error.hpp"
#include "fit/activations.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/linear.hpp"
#include "machine/machine_file.hpp"
#include "mnist/idx.hpp"
#include "unet/unet.hpp"

namespace settle {

namespace {

/// Images 0 .. samples-1 of the test set: the shipped file if it holds enough, otherwise the whole set's.
ImageSet test_images(const RunOptions& options) {
  const auto wanted = static_cast<std::size_t>(options.samples);
  ImageSet shipped = read_images(options.shipped_images);
  if (wanted <= shipped.size()) return shipped;
  const std::filesystem::path whole = options.mnist / "t10k-images-idx3-ubyte";
  if (!std::filesystem::exists(whole)) {
    throw error("--samples: {}: {} images come with Settle; for more run `make data`, which makes {}", options.samples,
                shipped.size(), whole.string());
  }
  ImageSet all = read_images(whole);
  if (wanted > all.size()) throw error("--samples: {}: {} holds {} images", options.samples, whole.string(), all.size());
  return all;
}

}  // namespace

Eigen::MatrixXd field_rows(Eigen::Index samples, Eigen::Index cells,
                           const std::function<Eigen::VectorXd(Eigen::Index)>& field) {
  Eigen::MatrixXd rows(samples, cells);
  for (Eigen::Index s = 0; s < samples; ++s) rows.row(s) = field(s);
  return rows;
}

RunInputs read_inputs(const RunOptions& options, const std::function<bool()>& stop) {
  if (options.samples < 2) throw error("--samples: {}: 2 or more are needed to score", options.samples);
  RunInputs in;
  in.machine = load_machine(options.machine);
  const std::string name = options.machine.string();
  if (in.machine.preset != options.preset) {
    throw error("{}: preset: {} is not {}", name, in.machine.preset, options.preset);
  }
  in.configuration = configuration(in.machine.configuration);
  if (in.machine.configuration_hash != in.configuration.hash_text()) {
    throw error("{}: configuration_hash: {} was made for another configuration {}; this program's is {}", name,
                in.machine.configuration_hash, in.configuration.name, in.configuration.hash_text());
  }
  check_machine(in.machine, name);
  if (options.settle_steps) in.machine.settle_steps = *options.settle_steps;
  if (options.window_steps) in.machine.window_steps = *options.window_steps;
  if (in.machine.settle_steps < 0 || in.machine.window_steps < 1 || in.machine.window_steps > 65536) {
    throw error("{}: settle_steps {} and window_steps {}: 0 or more, and 1 to 65536", name, in.machine.settle_steps,
                in.machine.window_steps);
  }
  in.sigma = options.sigma.value_or(in.machine.sigma);
  in.kt = options.kt.value_or(in.machine.kt);
  if (!std::isfinite(in.kt) || in.kt < 0) throw error("--kt: {} is not a temperature (0 or above)", in.kt);

  const Unet unet = Unet::load(options.unet);
  const std::string unet_hash = file_hash(options.unet);
  if (unet_hash != in.machine.unet_hash) {
    throw error("{}: unet_hash: {} is not that of {}: {}; fit again", name, in.machine.unet_hash, options.unet.string(),
                unet_hash);
  }
  const ImageSet images = test_images(options);
  in.means = activation_means(unet, images, 0, static_cast<std::size_t>(options.samples), in.sigma, options.seed, stop);
  in.fields = field_rows(in.means.decoder.rows(), cell_count(in.machine), [&](Eigen::Index s) {
    return fields(in.machine, in.means.encoder.row(s), in.means.bottleneck.row(s), InterfaceMode::normal);
  });
  return in;
}

}  // namespace settle
