#include "network/conditioning/conditioning.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/conditioning/unet_maps.hpp"
#include "network/unet/constants.hpp"
#include "network/unet/unet.hpp"

namespace settle {
namespace {

void check_layer(const Machine& machine, std::size_t l, const std::string& name) {
  const Layer& layer = machine.layers[l];
  if (layer.noise_level.size() > 0 && layer.noise_level.cols() != kNoiseFeatures) {
    throw error("{}: layers[{}].noise_level: {} columns, the U-Net has {} noise features", name, l,
                layer.noise_level.cols(), kNoiseFeatures);
  }
  const bool decoder = static_cast<int>(l) == machine.decoder;
  if (layer.map.empty()) {
    if (decoder) throw error("{}: layers[{}].map: \"\", the layer that is read needs a map", name, l);
    return;
  }
  const MapShape& shape = map_shape(layer.map, fmt::format("{}: layers[{}].map", name, l));
  if (layer.sites() != 1 && (layer.height != shape.side || layer.width != shape.side)) {
    throw error("{}: layers[{}]: {} x {} sites, {} has {} x {}; one site stands for its mean", name, l, layer.height,
                layer.width, layer.map, shape.side, shape.side);
  }
  if (layer.site_cells % shape.channels != 0 || (decoder && layer.site_cells != shape.channels)) {
    throw error("{}: layers[{}].site_cells: {}, {} has {} channels, {} is needed", name, l, layer.site_cells, layer.map,
                shape.channels, decoder ? "as many" : "a multiple of them");
  }
}

void check_interface(const Machine& machine, const std::string& name) {
  const Interface& interface = machine.interface;
  if (interface.source.empty()) return;
  const MapShape& shape = map_shape(interface.source, name + ": interface.source");
  if (interface.down.cols() != shape.channels) {
    throw error("{}: interface.down: {} columns, {} has {} channels", name, interface.down.cols(), interface.source,
                shape.channels);
  }
  const Layer& target = machine.layers[static_cast<std::size_t>(interface.target)];
  const bool same = target.height == shape.side && target.width == shape.side;
  const bool half = (target.height + 1) / 2 == shape.side && (target.width + 1) / 2 == shape.side;
  if (target.sites() != 1 && !same && !half) {
    throw error("{}: interface.target: {} x {} sites, {} has {} x {}: equal sides, half of them or one site are needed",
                name, target.height, target.width, interface.source, shape.side, shape.side);
  }
}

}  // namespace

void check_maps(const Machine& machine, const std::string& name) {
  for (std::size_t l = 0; l < machine.layers.size(); ++l) check_layer(machine, l, name);
  check_interface(machine, name);
}

Conditioning conditioning_of(const Machine& machine, const Activations& activations, double sigma) {
  Conditioning conditioning;
  for (const Layer& layer : machine.layers) {
    conditioning.layers.push_back(layer.map.empty() ? Eigen::VectorXd()
                                                    : layer_activation(layer, map_of(activations, layer.map)));
  }
  if (!machine.interface.source.empty()) {
    const Map& map = map_of(activations, machine.interface.source);
    const bool mean = machine.layers[static_cast<std::size_t>(machine.interface.target)].sites() == 1;
    conditioning.interface = mean ? spatial_mean(map) : Eigen::VectorXd(Eigen::MatrixXd(map.cast<double>()).reshaped());
  }
  if (sigma != machine.sigma)
    conditioning.noise_change = (noise_features(sigma) - noise_features(machine.sigma)).cast<double>();
  return conditioning;
}

std::vector<Conditioning> conditionings(const Machine& machine, const Unet& unet, const ImageSet& images,
                                        std::size_t first, std::size_t count, double sigma, std::uint64_t seed,
                                        const std::function<bool()>& stop) {
  if (first > images.size() || count > images.size() - first) {
    throw error("activations: images {} to {} are wanted, the set holds {}", first, first + count, images.size());
  }
  std::vector<Conditioning> result(count);
  const auto work = [&](std::size_t i, std::size_t) {
    const Image image = noisy(images.image(first + i), sigma, seed, first + i);
    result[i] = conditioning_of(machine, unet.run(image, sigma), sigma);
  };
  result.resize(parallel_for(count, worker_count(count), work, stop));
  return result;
}

}  // namespace settle
