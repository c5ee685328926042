#include "study/run/inputs.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "fit/activations/activations.hpp"
#include "images/idx.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/linear.hpp"
#include "machine/machine_file.hpp"
#include "machine/retarget.hpp"
#include "network/unet/constants.hpp"
#include "network/unet/unet.hpp"

namespace settle {

namespace {

namespace fs = std::filesystem;

/// Refuses a folder that could not be written, or outputs that are inputs, before the work. Makes nothing.
void check_outputs(const RunOptions& options) {
  if (options.out.empty()) throw error("--out: \"\": the name of a folder is needed");
  std::vector<NamedPath> outputs;
  for (const std::string& file : output_names()) {
    check_writable(options.out / file, "--out");
    outputs.push_back({"--out", options.out / file});
  }
  if (!options.trace.empty()) outputs.push_back({"--trace", options.trace});
  check_distinct(outputs, {{"--machine", options.machine},
                           {"--unet", options.unet},
                           {"--images", options.shipped_images},
                           {"--mnist", options.mnist / "t10k-images-idx3-ubyte"}});
}

/// `what` names the option or the field.
template <typename Value>
void check_range(Value value, Value least, Value most, const std::string& what) {
  if (!(value >= least && value <= most)) throw error("{}: {}: {} to {} is needed", what, value, least, most);
}

Configuration known_configuration(const Machine& machine, const std::string& name) {
  const std::vector<std::string> known = configuration_names();
  if (std::find(known.begin(), known.end(), machine.configuration) == known.end()) {
    throw error("{}: configuration: {} is unknown; known are {}", name, machine.configuration, fmt::join(known, ", "));
  }
  return configuration(machine.configuration);
}

/// Images 0 .. samples-1 of the test set: the given file if it holds enough, otherwise the whole set's, provided that
/// the file is where the whole set begins.
ImageSet test_images(const RunOptions& options) {
  const auto wanted = static_cast<std::size_t>(options.samples);
  ImageSet shipped = read_images(options.shipped_images);
  if (wanted <= shipped.size()) return shipped;
  const fs::path whole = options.mnist / "t10k-images-idx3-ubyte";
  if (!fs::exists(whole)) {
    throw error("--samples: {}: {} holds {} images; for more run `make data`, which makes {}", options.samples,
                options.shipped_images.string(), shipped.size(), whole.string());
  }
  ImageSet all = read_images(whole);
  const std::vector<std::uint8_t>& part = shipped.greys();
  if (part.size() > all.greys().size() || !std::equal(part.begin(), part.end(), all.greys().begin())) {
    throw error("--samples: {}: {} holds {} images and is not where {} begins", options.samples,
                options.shipped_images.string(), shipped.size(), whole.string());
  }
  if (wanted > all.size()) {
    throw error("--samples: {}: {} holds {} images", options.samples, whole.string(), all.size());
  }
  return all;
}

}  // namespace

const std::vector<std::string>& output_names() {
  static const std::vector<std::string> names = {"readout.csv",     "settling.csv", "images.csv", "images-pixels.csv",
                                                 "film-pixels.csv", "film.csv",     "report.json"};
  return names;
}

Eigen::MatrixXd field_rows(Eigen::Index samples, Eigen::Index cells,
                           const std::function<Eigen::VectorXd(Eigen::Index)>& field) {
  Eigen::MatrixXd rows(samples, cells);
  for (Eigen::Index s = 0; s < samples; ++s) rows.row(s) = field(s);
  return rows;
}

RunInputs read_inputs(const RunOptions& options, const std::function<bool()>& stop) {
  check_outputs(options);
  if (options.samples < 1) throw error("--samples: {}: 1 or more are needed", options.samples);
  Machine machine = load_machine(options.machine);
  const std::string name = options.machine.string();
  if (machine.preset != options.preset) {
    throw error("{}: preset: is {}, --preset is {}", name, machine.preset, options.preset);
  }
  Configuration c = known_configuration(machine, name);
  if (machine.configuration_hash != c.hash_text()) {
    throw error("{}: configuration_hash: {} was made for another configuration {}; this program's is {}", name,
                machine.configuration_hash, c.name, c.hash_text());
  }
  if (!options.format.empty()) {
    if (options.engine != "model") {
      throw error("--format: needs --engine model: {} is built for one format", options.engine);
    }
    const Configuration changed = with_changes(c, options.format, "--format");
    machine = retargeted(machine, c, changed, "--format");
    c = changed;
  }
  if (options.built_as) {
    c = options.built_as(options.engine, c);
    machine.configuration_hash = c.hash_text();  // lanes and sizes: of the machine nothing changes
  }
  check_maps(machine, name);
  ArrayContents contents = array_contents(machine, c, name, machine.decoder);
  Stability found = check_machine(machine, name);
  if (options.settle_steps) machine.settle_steps = *options.settle_steps;
  if (options.window_steps) machine.window_steps = *options.window_steps;
  check_range(machine.settle_steps, 0, kMostSettleSteps,
              options.settle_steps ? "--settle-steps" : name + ": settle_steps");
  check_range(machine.window_steps, 1, kMostWindowSteps,
              options.window_steps ? "--window-steps" : name + ": window_steps");
  const double sigma = options.sigma.value_or(machine.sigma);
  check_range(sigma, kSigmaMin, kSigmaMax, options.sigma ? "--sigma" : name + ": fit.sigma");
  const double kt = options.kt.value_or(machine.kt);
  fixed_gains(kt, contents, c, options.kt ? "--kt" : name + ": kt");

  Unet unet = Unet::load(options.unet);
  const std::string unet_hash = file_hash(options.unet);
  if (unet_hash != machine.unet_hash) {
    throw error("{}: unet_hash: {} is not that of {}: {}; fit again", name, machine.unet_hash, options.unet.string(),
                unet_hash);
  }
  ImageSet images = test_images(options);
  std::vector<Conditioning> all =
      conditionings(machine, unet, images, 0, static_cast<std::size_t>(options.samples), sigma, options.seed, stop);
  // Here rather than at its turn: a field that does not fit must not cost the samples before it.
  for (std::size_t s = 0; s < all.size(); ++s) {
    fixed_fields(fields(machine, all[s], InterfaceMode::normal), contents, c, fmt::format("{}: sample {}", name, s));
  }
  return {std::move(machine), c, std::move(contents), sigma, kt, std::move(found), std::move(all), std::move(unet),
          std::move(images)};
}

}  // namespace settle
